"""Opening a book: its first record, chart, parties and administrators."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import chart as charts
from ledger.book import roster
from ledger.book.duties import ADMINISTRATION, CHARITY, DISCIPLINE, OPERATOR, RED_CROSS
from ledger.errors import Conflict, Invalid, NotFound
from ledger.store import log
from ledger.store import tables as t
from ledger.words import N_, Text

SYSTEM = "system"
"""Who appends the records with which a book begins."""

CODE = re.compile(r"[a-z][a-z0-9-]{1,31}")
RESERVED = ("login", "logout", "language", "static", "me", "api", "public", "verify")
"""First parts of the application's own addresses; a book of that name could not be reached."""

PARTIES: dict[str, Text] = {
    OPERATOR: Text("公益直播运营单位", "Broadcast office"),
    RED_CROSS: Text("县红十字会", "County Red Cross"),
    CHARITY: Text("县慈善总会", "County Charity Federation"),
    DISCIPLINE: Text("县纪委监委", "County discipline committee"),
    ADMINISTRATION: Text("系统管理", "Administration"),
}


@dataclass(frozen=True, slots=True)
class Book:
    """What the first record says of a book."""

    code: str
    name: Text
    county: Text


def open_book(
    session: Session,
    code: str,
    *,
    name: Text,
    county: Text,
    at: datetime,
    parties: dict[str, Text] | None = None,
) -> log.Head:
    """Open a book under a permanent code; raise Conflict if there is one, Invalid for a bad code."""
    if not CODE.fullmatch(code) or code in RESERVED:
        raise Invalid(
            N_("账本代码“{code}”不对：以小写字母开头，只用小写字母、数字和连字符，2–32 位。"), code=code[:40]
        )
    if log.size(session, code):
        raise Conflict(N_("账本“{code}”已经存在。"), code=code)
    first = {
        "code": code,
        "name": {"zh": name.zh, "en": name.en},
        "county": {"zh": county.zh, "en": county.en},
        "hash": "sha-256",
        "nonce": secrets.token_hex(16),
    }
    log.append(session, code, "book.opened", first, by=SYSTEM, at=at)
    log.append(session, code, "chart.adopted", {"chart": charts.packaged()}, by=SYSTEM, at=at)
    for party, party_name in (parties or PARTIES).items():
        roster.name_party(session, code, party, party_name, by=SYSTEM, at=at)
    return log.head(session, code)


def get(session: Session, code: str) -> Book:
    """Return a book; raise NotFound if there is none."""
    row = session.scalars(select(t.Book).where(t.Book.book_id == code)).first()
    if row is None:
        raise NotFound(N_("没有账本“{book}”。"), book=code[:40])
    return Book(code, Text(row.name_zh, row.name_en), Text(row.county_zh, row.county_en))


def codes(session: Session) -> list[str]:
    """Return the codes of all books."""
    return list(session.scalars(select(t.Book.book_id).order_by(t.Book.book_id)))
