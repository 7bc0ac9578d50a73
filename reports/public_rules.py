"""What the public version does with each text of a statement: one rule for each class and field.

The rules follow PIPL art. 6 and 25 (no more than needed, no publishing without consent): a person is a
family name, a counterparty's words are left out, a note stays unless it speaks of a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from ledger.words import N_

LEFT_OUT = "***"
"""Stands in the public version where a text was left out; the cover says so."""


@dataclass(frozen=True, slots=True)
class Known:
    """Names of people that the statement holds, and words of it that are public in themselves."""

    names: frozenset[str]
    tokens: frozenset[str]


Rule = Callable[[str, Known], str]

_PERSONAL = re.compile(
    r"\d{7,}|\d{3,4}[- ]\d{4}[- ]?\d{3,}|[*＊]{2}|某"
    r"|先生|女士|同志|老师|师傅|大爷|大妈|昵称|网名|微信号|身份证|手机|电话|住址|银行卡|卡号|粉丝"
)
"""Signs that a note speaks of a person: long numbers, forms of address, words for what identifies one."""
_ORGANISATION = re.compile(
    r"公司|合作社|店|厂|商行|中心|基地|学校|医院|协会|红十字会|慈善总会|政府|局|委|镇|乡|村委会|团队"
)
_FIGURES = re.compile(r"[-+−]?[\d,.:%/ -]{1,24}")
_KINDS = {
    N_("图片"): ("jpg", "jpeg", "png", "gif", "bmp", "webp", "heic"),
    N_("PDF 文件"): ("pdf", "ofd"),
    N_("表格"): ("xls", "xlsx", "csv", "et"),
    N_("文书"): ("doc", "docx", "wps", "txt"),
    N_("音视频"): ("mp3", "mp4", "mov", "wav", "m4a"),
}
OTHER_FILE = N_("其他文件")
REVIEWED = N_("已复核")


def keep(text: str, _known: Known) -> str:
    """A code, a message of the catalogue, a digest: as it is."""
    return text


def token(text: str, _known: Known) -> str:
    """A number or handle that is public: as it is, and known as such where a finding names it."""
    return text


def drop(_text: str, _known: Known) -> str:
    """What a counterparty or an unknown hand wrote: nothing of it."""
    return ""


def name(text: str, _known: Known) -> str:
    """A person, or who may be one: the first character."""
    clean = text.strip()
    return clean[0] + "**" if clean else ""


def note(text: str, known: Known) -> str:
    """What the office wrote: kept unless it speaks of a person."""
    return LEFT_OUT if personal(text, known) else text


def organisation(text: str, known: Known) -> str:
    """A shop or an institution by its name; anything that may be a person's name is masked."""
    if text in known.tokens or (_ORGANISATION.search(text) and not personal(text, known)):
        return text
    return name(text, known)


def where(text: str, known: Known) -> str:
    """Where a finding was found: a voucher, broadcast, account or handle of the report; no file's name."""
    return text if text in known.tokens or text == "期初" else LEFT_OUT if text else ""


def value(text: str, known: Known) -> str:
    """A value in a finding's message: a figure, a date or a public word; a name is masked."""
    if text in known.tokens or _FIGURES.fullmatch(text) or not text:
        return text
    return name(text, known) if text in known.names else LEFT_OUT


def kind(text: str, _known: Known) -> str:
    """What kind of file it is, by the ending of its name."""
    ending = PurePath(text).suffix.lstrip(".").lower()
    return next((label for label, endings in _KINDS.items() if ending in endings), OTHER_FILE)


def reviewed(text: str, _known: Known) -> str:
    """That a receipt was reviewed, not by whom."""
    return REVIEWED if text else ""


def personal(text: str, known: Known) -> bool:
    """Whether a text speaks of a person as far as can be seen: a known name, or one of the signs above."""
    return bool(_PERSONAL.search(text)) or any(one in text for one in known.names)


_BY_CLASS: dict[str, dict[Rule, str]] = {
    "MonthlyStatement": {
        keep: "number log_root public_url audience internal_digest",
        token: "missing_numbers",
    },
    "BookFacts": {keep: "code origin"},
    "StatementLine": {keep: "group", token: "code"},
    "Metric": {keep: "name unit", token: "handle"},
    "BroadcastLine": {
        token: "number accounts vouchers",
        note: "title department explanation",
        name: "host",
        keep: "unit_name",
    },
    "ProductLine": {organisation: "shop", note: "product"},
    "GrantLine": {token: "voucher", organisation: "payee", note: "purpose reference"},
    "SpendingLine": {token: "voucher", note: "activity place", name: "payee"},
    "PendingItem": {keep: "label", token: "account", drop: "detail", name: "charge"},
    "Correction": {token: "original reversing correcting", note: "reason"},
    "RefundLine": {token: "voucher broadcast"},
    "ExceptionLine": {keep: "message", value: "values", where: "where"},
    "TrialLine": {token: "code"},
    "Check": {keep: "label expected_label", note: "terms"},
    "VoucherLine": {token: "number broadcast", drop: "summary", keep: "decisions state digest"},
    "SignerLine": {name: "name", note: "post", keep: "method key"},
    "PartyLine": {keep: "party statement"},
    "AttachmentLine": {where: "voucher", kind: "name", keep: "digest"},
    "ThreeWayLine": {keep: "group label state", note: "detail note"},
    "OpenLine": {keep: "side state", drop: "detail", note: "note"},
    "BankReconciliation": {token: "code"},
    "TieOutLine": {token: "broadcast", keep: "state", note: "note"},
    "AgreementLine": {token: "number broadcasts late", organisation: "party", note: "scope"},
    "ReceiptLine": {token: "voucher", keep: "code number", drop: "check_code", reviewed: "reviewed"},
    "ActivityLine": {
        token: "number vouchers",
        note: "title place who goods intent",
        organisation: "organisers",
        name: "payee",
    },
    "GoodsLine": {token: "broadcast", note: "goods", organisation: "seller", drop: "detail"},
    "CostLine": {token: "broadcast", keep: "what bearer", note: "detail"},
    "Finding": {
        keep: "rule name severity message outcome",
        where: "where",
        value: "values",
        note: "said",
        name: "said_by",
    },
    "DisclosureLine": {keep: "name rule link state", note: "subject"},
    "ClosingVoucher": {token: "number", note: "summary", keep: "lines"},
    "Close": {name: "drafter confirmer", keep: "position", note: "checklist"},
    "CumulativeLine": {keep: "group", note: "label"},
    "Cumulative": {keep: "first_month"},
}

RULES: dict[tuple[str, str], Rule] = {
    (cls, field): rule
    for cls, rules in _BY_CLASS.items()
    for rule, fields in rules.items()
    for field in fields.split()
}
"""(class, field) → rule for every text; a text without a rule is dropped."""
