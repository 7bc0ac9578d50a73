"""Who may never be paid: the hosts of broadcasts and the persons who own live accounts.

公务员法 art. 44 (no pay for such posts): a hard rule, without an override.
Names are compared in a normal form, so a blank, a full-width letter or a title
makes no difference.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import roster
from ledger.errors import Invalid
from ledger.store import log
from ledger.store import tables_activity as a
from ledger.words import N_

PAYEE = "payee"
BACK = "CLEAR_BACK"
TITLES = re.compile(r"(先生|女士|同志|老师)$")
PARTS = re.compile(r"[、，,；;/\\|()\[\]{}【】《》\n]+")
ACCOUNT_NUMBER = re.compile(r"[0-9*xX]{4,}$", re.ASCII)


def normal(name: str) -> str:
    """Return a name as it is compared: NFKC, without blanks, dots, an account number at the end and a title."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    kept = "".join(
        char for char in folded if unicodedata.category(char)[0] not in "ZC" and char not in "·•・."
    )
    return TITLES.sub("", ACCOUNT_NUMBER.sub("", kept))


def parts(payee: str) -> set[str]:
    """Return the names that a payee's line may hold, each in its normal form, and the whole line."""
    pieces = PARTS.split(unicodedata.normalize("NFKC", payee))
    return {normal(payee), *(normal(piece) for piece in pieces)} - {""}


def barred(session: Session, book_id: str) -> frozenset[str]:
    """Return the normal names of everybody who hosted a broadcast or owns a live account as a person."""
    hosts = select(a.Broadcast.host).where(a.Broadcast.book_id == book_id).distinct()
    owners = select(a.LiveAccount.owner).where(
        a.LiveAccount.book_id == book_id, a.LiveAccount.owner_kind == "personal"
    )
    known = [*session.scalars(hosts), *session.scalars(owners)]
    names = set(log.opened(session, book_id, known).values())
    seated = set(
        session.scalars(
            select(a.Broadcast.host_person).where(
                a.Broadcast.book_id == book_id, a.Broadcast.host_person.is_not(None)
            )
        )
    )
    if seated:
        names |= {name for person, name in roster.names(session, book_id).items() if person in seated}
    return frozenset(normal(str(name)) for name in names) - {""}


def refuse_host(session: Session, book_id: str, payee: str) -> None:
    """Raise Invalid if the payee is a host or a personal owner of a live account."""
    if parts(payee) & barred(session, book_id):
        raise Invalid(
            N_(
                "收款人“{payee}”是直播主播或个人账号的开户人，不能从善款里收款"
                "（公务员法第四十四条，不得例外）。请改付给实际供货或服务的单位、个人。"
            ),
            payee=payee[:40],
        )


def check(session: Session, book_id: str, entry: dict[str, Any]) -> None:
    """Raise Invalid where an entry, as a draft holds it, would pay a host; a refund must say to whom."""
    payee = str(entry["facts"].get(PAYEE, "")).strip()
    if entry["type"] == BACK:
        if not payee:
            raise Invalid(N_("请填写退给谁（收款人）：系统要核对它不是主播或账号开户人。"))
        if parts(payee) & barred(session, book_id):
            raise Invalid(
                N_(
                    "“{payee}”是直播主播或个人账号的开户人，暂收款不能退到本人名下（公务员法第四十四条，不得例外）。"
                    "这笔钱多半是代收的打赏：请用“暂收款清理（认定为上缴）”；"
                    "认为确属误汇的，请先报县纪委监委处理，款项留在暂收待查款。"
                ),
                payee=payee[:40],
            )
    elif payee:
        refuse_host(session, book_id, payee)
