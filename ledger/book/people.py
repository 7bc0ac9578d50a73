"""The persons who can sign in: logins, names, passwords. They belong to the instance, seats to a book.

A person's id is opaque, so that records name nobody. Passwords are kept as
Argon2id hashes; one that an administrator gave out works once, to choose an
own one.
"""

from __future__ import annotations

import re
import secrets
import threading
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ledger.book import roster
from ledger.book.duties import Actor, NotYourDuty, require
from ledger.errors import Conflict, Forbidden, Invalid, NotFound
from ledger.proof.signature import Work
from ledger.store import tables_desk as d
from ledger.store.append_only import table_of
from ledger.words import LANGUAGES, N_

PERSON = table_of(d.Person)
LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,31}", re.ASCII)
PASSWORD_MIN, PASSWORD_MAX = 10, 128
NAME_MAX = 60
HASHES_AT_ONCE = threading.BoundedSemaphore(2)
"""A hash takes 64 MiB; a flood of sign-ins waits in line instead of filling the memory."""

ONE_TIME_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""No letter that could be read as another from a slip of paper."""

COMMON = frozenset((Path(__file__).parent / "common-passwords.txt").read_text("ascii").split())
"""Common passwords of ten characters and more: what a guesser tries first."""

WRONG = N_("用户名或密码不对。")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in. `must_change`: the password was given out by somebody else."""

    person: str
    login: str
    name: str
    language: str
    disabled: bool
    must_change: bool


class WrongLogin(Forbidden):
    """Login and password do not fit; which of the two is not said."""


def create(
    session: Session,
    *,
    login: str,
    name: str,
    password: str,
    must_change: bool = False,
    language: str = "zh",
    work: Work | None = None,
) -> Person:
    """Add a person; raise Invalid for a bad login, name or password, Conflict if the login is taken."""
    login, name = login.strip().lower(), unicodedata.normalize("NFC", name.strip())
    if not LOGIN.fullmatch(login):
        raise Invalid(N_("用户名须为 2 到 32 个小写字母、数字、点或横线，以字母开头。"))
    if not name or len(name) > NAME_MAX:
        raise Invalid(N_("请填写姓名，最多 {count} 个字。"), count=NAME_MAX)
    _check_password(password, login)
    if session.connection().execute(select(PERSON.c.person).where(PERSON.c.login == login)).first():
        raise Conflict(N_("用户名“{login}”已被使用，请换一个。"), login=login)
    row = d.Person(
        person="p-" + secrets.token_hex(6),
        login=login,
        name=name,
        password_hash=hash_password(password, work),
        language=_known_language(language),
        disabled=0,
        must_change=int(must_change),
    )
    session.add(row)
    session.flush()
    return _person(row)


def find(session: Session, person: str) -> Person | None:
    """Return a person by id."""
    row = session.get(d.Person, person)
    return None if row is None else _person(row)


def by_login(session: Session, login: str) -> Person | None:
    """Return a person by login name."""
    row = session.scalars(select(d.Person).where(PERSON.c.login == login.strip().lower())).first()
    return None if row is None else _person(row)


def everyone(session: Session) -> list[Person]:
    """Return all persons in the order of their logins."""
    return [_person(row) for row in session.scalars(select(d.Person).order_by(PERSON.c.login))]


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a password is compared with; for an unknown login there is a hash all the same."""

    person: Person | None
    password_hash: str


def credentials(session: Session, login: str) -> Credentials:
    """Return what to compare with; the slow comparison needs no transaction, see `authenticate`."""
    row = session.scalars(select(d.Person).where(PERSON.c.login == login.strip().lower())).first()
    return Credentials(None, "") if row is None else Credentials(_person(row), row.password_hash)


def authenticate(stored: Credentials, password: str, work: Work | None = None) -> Person:
    """Return whose password this is; raise WrongLogin, after the same work for an unknown login."""
    stored_hash = stored.password_hash or _nobody(work or Work())
    right = verify_password(stored_hash, password)
    if not right or stored.person is None or stored.person.disabled:
        raise WrongLogin(WRONG)
    return stored.person


def change_password(session: Session, person: str, *, old: str, new: str, work: Work | None = None) -> None:
    """Replace a person's own password; raise Invalid if the old one is wrong or the new one too weak."""
    row = _row(session, person)
    if not verify_password(row.password_hash, old):
        raise Invalid(N_("原密码不对，密码没有更改。"))
    if old == new:
        raise Invalid(N_("新密码与原密码相同，请换一个。"))
    _check_password(new, row.login)
    _update(session, person, password_hash=hash_password(new, work), must_change=0)


def reset_password(session: Session, actor: Actor, person: str, *, work: Work | None = None) -> str:
    """Give a person a one-time password and return it; nobody can see it again."""
    _require_charge_of(session, actor, person)
    password = one_time_password()
    _update(session, person, password_hash=hash_password(password, work), must_change=1)
    return password


def set_disabled(session: Session, actor: Actor, person: str, *, disabled: bool) -> None:
    """Switch a login off or on. What the person did stays; open sessions end at their next click."""
    _require_charge_of(session, actor, person)
    _update(session, person, disabled=int(disabled))


def set_language(session: Session, person: str, language: str) -> None:
    """Keep the language a person reads."""
    _update(session, person, language=_known_language(language))


def one_time_password() -> str:
    """Return a random password of 74 bits that can be read out and typed."""
    return "-".join("".join(secrets.choice(ONE_TIME_ALPHABET) for _ in range(5)) for _ in range(3))


def hash_password(password: str, work: Work | None = None) -> str:
    """Return the Argon2id hash of a password, with its salt and cost in it."""
    work = work or Work()
    with HASHES_AT_ONCE:
        return PasswordHasher(work.passes, work.memory_kib, work.lanes).hash(_normal(password))


def verify_password(stored_hash: str, password: str) -> bool:
    """Say whether a password fits a hash; the cost is the one in the hash."""
    with HASHES_AT_ONCE:
        try:
            return PasswordHasher().verify(stored_hash, _normal(password[:PASSWORD_MAX]))
        except (VerificationError, InvalidHashError):
            return False


_NOBODY: dict[Work, str] = {}


def _nobody(work: Work) -> str:
    """Return a hash that no password fits, of the usual cost, made once."""
    if work not in _NOBODY:
        _NOBODY[work] = hash_password(secrets.token_urlsafe(32), work)
    return _NOBODY[work]


def _normal(password: str) -> str:
    """The same password, whichever way the keyboard composes it."""
    return unicodedata.normalize("NFC", password)


def _check_password(password: str, login: str) -> None:
    """Raise Invalid for a password that a guesser would find."""
    low = _normal(password).lower()
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        raise Invalid(N_("密码须有 {least} 到 {most} 个字符。"), least=PASSWORD_MIN, most=PASSWORD_MAX)
    if low in COMMON or len(set(low)) < 4:  # noqa: PLR2004 - aaaaaaaaab
        raise Invalid(N_("这个密码太常见，别人很容易猜到，请换一个。"))
    if login in low:
        raise Invalid(N_("密码里不能有您的用户名。"))


def _require_charge_of(session: Session, actor: Actor, person: str) -> None:
    """Raise unless the actor looks after logins and the person is not of other books only, nor the actor."""
    require(actor, "accounts")
    _row(session, person)
    if person == actor.person:
        raise NotYourDuty(N_("不能管理自己的登录账户，请由另一位管理员办理。"))
    books = roster.books(session, person)
    if books and actor.book not in books:
        raise NotFound(N_("本账本没有这个人。"))


def _row(session: Session, person: str) -> d.Person:
    row = session.get(d.Person, person)
    if row is None:
        raise NotFound(N_("没有这个人。"))
    return row


def _update(session: Session, person: str, **values: str | int) -> None:
    session.connection().execute(update(PERSON).where(PERSON.c.person == person).values(**values))
    session.expire_all()


def _known_language(language: str) -> str:
    if language not in LANGUAGES:
        raise Invalid(N_("没有语言“{language}”。"), language=language[:10])
    return language


def _person(row: d.Person) -> Person:
    return Person(row.person, row.login, row.name, row.language, bool(row.disabled), bool(row.must_change))
