"""The demonstration: book `demo` of 示例县 with March 2026, made through the same use cases as the screen.

Every name and number is invented. The files in `files/` are what an office
would upload.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.demo import cast, month
from ledger.errors import Conflict
from ledger.store.engine import Store
from ledger.words import N_

BOOK = "demo"


@dataclass(frozen=True, slots=True)
class Login:
    """A demo user. `signing_password` is empty for people who do not sign."""

    user: str
    password: str
    signing_password: str
    role: str
    party: str


def build(store: Store) -> list[Login]:
    """Fill an empty database; return the logins. Raises Conflict where there is anything already."""
    with store.reading() as session:
        if not cast.is_empty(session):
            raise Conflict(N_("数据库里已有数据，演示只能写入空的数据库。"))
    people = cast.seat_everybody(store, BOOK)
    month.play(store, BOOK, people)
    return [
        Login(item.login, item.password, item.signing_password, item.actor.role, item.actor.party)
        for item in people.values()
    ]
