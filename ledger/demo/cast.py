"""The people of the demonstration and their seats, keys included."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import books, keys, people, roster
from ledger.book.duties import Actor
from ledger.months import CHINA
from ledger.store import tables as t
from ledger.store import tables_desk as d
from ledger.store.engine import Store
from ledger.words import Text

OPENED = datetime(2026, 2, 20, 9, 0, tzinfo=CHINA)

CAST: tuple[tuple[str, str, str, str, str], ...] = (
    ("recorder", "钱某某", "operator", "recorder", "直播办 工作人员"),
    ("checker", "李某某", "operator", "checker", "直播办 副主任"),
    ("accountant", "王某某", "operator", "accountant", "直播办 会计主管"),
    ("cashier", "赵某某", "operator", "cashier", "直播办 出纳"),
    ("redcross", "孙某某", "redcross", "signer", "县红十字会 常务副会长"),
    ("redcross-clerk", "周某某", "redcross", "clerk", "县红十字会 干事"),
    ("charity", "吴某某", "charity", "signer", "县慈善总会 秘书长"),
    ("charity-clerk", "郑某某", "charity", "clerk", "县慈善总会 会计"),
    ("discipline", "冯某某", "discipline", "reviewer", "县纪委监委 党风政风监督室"),
    ("viewer", "陈某某", "operator", "viewer", "县政府办 查阅"),
    ("sysadmin", "褚某某", "administration", "sysadmin", "信息中心 系统管理员"),
    ("secadmin", "卫某某", "administration", "secadmin", "信息中心 安全管理员"),
    ("auditadmin", "蒋某某", "administration", "auditadmin", "审计局 审计管理员"),
)
"""Login, name, party, role, post. All invented."""


@dataclass(frozen=True, slots=True)
class Player:
    """One demo user with what is needed to act."""

    login: str
    password: str
    signing_password: str
    actor: Actor


def is_empty(session: Session) -> bool:
    """Say whether the database holds no book and no person."""
    return not any(
        session.scalars(select(column).limit(1)).first() for column in (t.Book.book_id, d.Person.person)
    )


def seat_everybody(store: Store, book: str) -> dict[str, Player]:
    """Open the book, make the logins, give everybody a seat and every signer a confirmed key."""
    logins = {}
    with store.transaction(book) as session:
        books.open_book(
            session,
            book,
            name=Text("示例县公益直播专账", "Sample County livestream special account"),
            county=Text("示例县", "Sample County"),
            at=OPENED,
        )
        for login, name, party, role, post in CAST:
            password = people.one_time_password()
            person = people.create(session, login=login, name=name, password=password).person
            roster.seat(
                session,
                book,
                person=person,
                name=name,
                party=party,
                role=role,
                post=post,
                by=books.SYSTEM,
                at=OPENED,
            )
            logins[login] = Player(login, password, "", Actor(person, book, party, role, post))
    return {login: _with_key(store, player, logins["secadmin"].actor) for login, player in logins.items()}


def _with_key(store: Store, player: Player, security: Actor) -> Player:
    """Give a signer a key, confirmed by the security administrator."""
    if not player.actor.may("sign"):
        return player
    password = secrets.token_hex(6)
    with store.transaction(player.actor.book) as session:
        name = keys.request(session, player.actor, signing_password=password, at=OPENED)
        keys.confirm(session, security, name, at=OPENED)
    return Player(player.login, player.password, password, player.actor)
