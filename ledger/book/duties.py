"""Who may do what: the roles of a book, the actions of each, and the separation of duties.

会计法 2024, art. 25 (segregation of incompatible duties): who drafts does not
post, who drafts or posts does not sign, and one person holds one role for one
party. Administrators neither record nor sign; the rules hold for them as well.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.errors import Forbidden
from ledger.words import N_, Text


@dataclass(frozen=True, slots=True)
class Role:
    """A seat in a book: which kinds of party may fill it, and what it may do."""

    name: Text
    parties: tuple[str, ...]
    actions: frozenset[str]


OPERATOR, RED_CROSS, CHARITY, DISCIPLINE, ADMINISTRATION = (
    "operator",
    "redcross",
    "charity",
    "discipline",
    "administration",
)
CHARITIES = (RED_CROSS, CHARITY)
SIGNING_PARTIES = (RED_CROSS, CHARITY, DISCIPLINE)

_LOOK = frozenset({"view", "verify", "download"})

ROLES: dict[str, Role] = {
    "recorder": Role(
        Text("制单", "preparer"),
        (OPERATOR,),
        _LOOK
        | {"broadcast", "declare", "import", "draft", "reply", "upload"}
        | {"register", "handover", "explain", "disclose"},
    ),
    "checker": Role(
        Text("审核", "reviewer"),
        (OPERATOR,),
        _LOOK | {"post", "reply", "upload", "paper", "explain"},
    ),
    "accountant": Role(
        Text("记账（会计主管）", "accountant"),
        (OPERATOR,),
        _LOOK
        | {"broadcast", "import", "draft", "post", "reply", "upload", "paper", "opening"}
        | {"statement", "reconcile", "register", "welfare", "explain", "disclose", "close"},
    ),
    "cashier": Role(
        Text("出纳", "cashier"),
        (OPERATOR,),
        _LOOK | {"import", "draft", "reply", "upload", "statement", "handover", "explain"},
    ),
    "clerk": Role(
        Text("慈善机构经办", "charity clerk"),
        CHARITIES,
        _LOOK | {"draft", "reply", "upload", "paper", "welfare", "receipt", "explain", "disclose"},
    ),
    "signer": Role(Text("签认人", "signer"), CHARITIES, _LOOK | {"sign"}),
    "reviewer": Role(Text("监督人员", "discipline reviewer"), (DISCIPLINE,), _LOOK | {"sign"}),
    "streamer": Role(Text("主播", "streamer"), (OPERATOR,), frozenset({"handover"})),
    "viewer": Role(Text("查阅", "viewer"), (OPERATOR, *SIGNING_PARTIES), _LOOK),
    "sysadmin": Role(Text("系统管理员", "system administrator"), (ADMINISTRATION,), frozenset({"accounts"})),
    "secadmin": Role(
        Text("安全管理员", "security administrator"),
        (ADMINISTRATION,),
        frozenset({"roles", "keys", "policy", "calendar"}),
    ),
    "auditadmin": Role(
        Text("审计管理员", "audit administrator"), (ADMINISTRATION,), frozenset({"audit", "verify"})
    ),
}

ROSTER: tuple[tuple[str, str], ...] = (
    (OPERATOR, "recorder"),
    (OPERATOR, "checker"),
    (OPERATOR, "accountant"),
    (OPERATOR, "cashier"),
    (RED_CROSS, "clerk"),
    (RED_CROSS, "signer"),
    (CHARITY, "clerk"),
    (CHARITY, "signer"),
    (DISCIPLINE, "reviewer"),
    (ADMINISTRATION, "sysadmin"),
    (ADMINISTRATION, "secadmin"),
    (ADMINISTRATION, "auditadmin"),
)
"""The smallest lawful roster: every (party, role) that must be filled."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, in which book, for which party and in which role."""

    person: str
    book: str
    party: str
    role: str
    post: str = ""

    def may(self, action: str) -> bool:
        """Say whether the role includes the action."""
        return action in ROLES[self.role].actions


class NotYourDuty(Forbidden):
    """The actor's role does not include this action, or the separation of duties forbids it."""


ACTIONS: dict[str, Text] = {
    "view": Text("查看账目", "view the books"),
    "verify": Text("验证账本", "verify the log"),
    "download": Text("下载月报", "download reports"),
    "broadcast": Text("登记直播场次", "register broadcasts"),
    "declare": Text("当晚申报", "make the night declaration"),
    "import": Text("导入文件", "import files"),
    "draft": Text("制单", "prepare vouchers"),
    "post": Text("审核记账", "review and post"),
    "reply": Text("回复问询", "answer queries"),
    "upload": Text("上传附件", "upload attachments"),
    "paper": Text("登记线下签署", "file paper sign-offs"),
    "opening": Text("登记期初", "record the opening"),
    "statement": Text("登记对账单", "file bank statements"),
    "reconcile": Text("对账", "reconcile"),
    "register": Text("登记协议、决议与选品", "register agreements, resolutions and goods"),
    "welfare": Text("登记公益活动", "register welfare activities"),
    "receipt": Text("登记票据", "register receipts"),
    "handover": Text("作上缴声明", "declare a hand-over"),
    "explain": Text("说明异常", "explain exceptions"),
    "disclose": Text("登记信息公开", "register disclosures"),
    "close": Text("办理月结", "close the month"),
    "calendar": Text("载入工作日历", "load working calendars"),
    "sign": Text("签认", "sign off"),
    "accounts": Text("管理登录账户", "manage logins"),
    "roles": Text("管理角色", "manage roles"),
    "keys": Text("确认签名密钥", "confirm signing keys"),
    "policy": Text("设置规则", "set policies"),
    "audit": Text("查看操作日志", "read the access log"),
}
"""Each action as a person would call it."""


def require(actor: Actor, action: str) -> None:
    """Raise NotYourDuty unless the actor's role includes the action."""
    if not actor.may(action):
        raise NotYourDuty(
            N_("您的角色“{role}”不能{action}。"), role=ROLES[actor.role].name, action=ACTIONS[action]
        )
