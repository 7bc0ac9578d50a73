"""Guessing passwords is slow: failures are counted by account and by address.

An attempt is counted before the password is looked at, so that a thousand
guesses at once are counted as well. The rightful person is not shut out: no
wait is longer than a minute, what is tried during a wait is neither checked nor
counted, and from an address where the account signed in before only failures
of that account from there count.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from ledger.errors import Forbidden
from ledger.store import tables_desk as d
from ledger.store.append_only import table_of
from ledger.store.engine import lock_book
from ledger.words import N_

ACCOUNT_WAITS = {4: 30, 5: 60}
"""Failures of an account -> seconds to wait: at most five checks in any minute."""
ADDRESS_WAITS = {20: 30, 30: 60}
"""The same for an address, which an office may share."""
FORGET_S = 15 * 60
"""Failures this old no longer count."""
KNOWN_S = 90 * 24 * 3600
"""How long an address stays known for an account."""
THROTTLE = table_of(d.Throttle)


class TooMany(Forbidden):
    """Too many failed attempts; `seconds` says how long to wait."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(
            N_("密码试错次数太多，请等 {seconds} 秒后再试。忘记密码请联系系统管理员重置。"), seconds=seconds
        )


def knock(session: Session, login: str, address: str, at: datetime) -> None:
    """Count one attempt; raise TooMany, counting nothing, while a wait lasts."""
    lock_book(session, "")  # attempts at once are counted one after the other
    moment = int(at.timestamp())
    known = _failures(session, _known(login, address), moment, KNOWN_S) is not None
    subjects = [(f"pair {login} {address}", ACCOUNT_WAITS)]
    if not known:
        subjects = [(f"account {login}", ACCOUNT_WAITS), (f"address {address}", ADDRESS_WAITS)]
    found = [(subject, _failures(session, subject, moment, FORGET_S), waits) for subject, waits in subjects]
    wait = max(_wait(before, waits, moment) for _, before, waits in found)
    if wait:
        raise TooMany(wait)
    for subject, before, _ in found:
        _write(session, subject, (before[0] if before else 0) + 1, moment)


def welcome(session: Session, login: str, address: str, at: datetime) -> None:
    """The password was right: forget its failures, remember the address, sweep out what is old."""
    moment = int(at.timestamp())
    passed = (f"account {login}", f"pair {login} {address}")
    stale = THROTTLE.c.subject.not_like("known %") & (THROTTLE.c.last_at < moment - FORGET_S)
    session.connection().execute(
        delete(THROTTLE).where(
            or_(THROTTLE.c.subject.in_(passed), stale, THROTTLE.c.last_at < moment - KNOWN_S)
        )
    )
    _write(session, _known(login, address), 0, moment)


def _known(login: str, address: str) -> str:
    return f"known {login} {address}"


def _failures(session: Session, subject: str, moment: int, forget_s: int) -> tuple[int, int] | None:
    """Return (failures, time of the last one), None if there are none that count."""
    row = (
        session.connection()
        .execute(select(THROTTLE.c.failures, THROTTLE.c.last_at).where(THROTTLE.c.subject == subject))
        .first()
    )
    return None if row is None or row.last_at < moment - forget_s else (row.failures, row.last_at)


def _wait(before: tuple[int, int] | None, waits: dict[int, int], moment: int) -> int:
    """Return the seconds still to wait; a clock that was set back does not make them more."""
    if before is None:
        return 0
    failures, last_at = before
    seconds = max((wait for least, wait in waits.items() if failures >= least), default=0)
    return max(0, seconds - max(0, moment - last_at))


def _write(session: Session, subject: str, failures: int, moment: int) -> None:
    session.merge(d.Throttle(subject=subject, failures=failures, last_at=moment))
    session.flush()
