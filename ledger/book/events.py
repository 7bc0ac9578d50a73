"""Events on somebody else's account (他方活动) whose income is promised to the fund; the money follows as EVENT_INCOME."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book.duties import Actor, require
from ledger.errors import Invalid, NotFound
from ledger.proof.private import Private
from ledger.store import log
from ledger.store import tables as t
from ledger.store import tables_welfare as w
from ledger.store.record import Record
from ledger.words import N_

INCOME = "EVENT_INCOME"


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What is said of an event; `promise` is what its holder promised, `expected_fen` if a sum was named."""

    title: str
    day: date
    platform: str
    handle: str
    owner: str
    promise: str
    expected_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A registered event. `owner` is empty once erased; `vouchers` are (index, number, fen) that brought money."""

    number: str
    title: str
    day: date
    platform: str
    handle: str
    owner: str
    promise: str
    expected_fen: int | None
    idx: int
    vouchers: tuple[tuple[int, str, int], ...]

    @property
    def received_fen(self) -> int:
        """What has come in so far, fen."""
        return sum(fen for _, _, fen in self.vouchers)


def record(
    session: Session, actor: Actor, new: NewEvent, *, attachments: list[dict[str, Any]], at: datetime
) -> Record:
    """Register an event under the next number of its year (`E-2026-001`)."""
    require(actor, "register")
    said = {"title": new.title.strip(), "handle": new.handle.strip(), "promise": new.promise.strip()}
    if not said["title"] or not new.owner.strip() or not said["handle"]:
        raise Invalid(N_("请填写活动名称、账号名称和账号开户人。"))
    if not said["promise"]:
        raise Invalid(N_("请写明对方承诺：收入的多少、何时转入监管专户。"))
    if new.expected_fen is not None and new.expected_fen <= 0:
        raise Invalid(N_("预计金额须大于零；没有约定金额请留空。"))
    body: dict[str, Any] = {
        **said,
        "event": _next_number(session, actor.book, new.day.year),
        "day": new.day.isoformat(),
        "platform": new.platform.strip(),
        "owner": Private(new.owner.strip()),
        "attachments": attachments,
    }
    if new.expected_fen is not None:
        body["expected_fen"] = new.expected_fen
    return log.append(session, actor.book, "event.recorded", body, by=actor.person, at=at)


def _next_number(session: Session, book_id: str, year: int) -> str:
    start = f"E-{year:04d}-"
    query = select(w.OutsideEvent.event).where(
        w.OutsideEvent.book_id == book_id, w.OutsideEvent.event.like(f"{start}%")
    )
    used = [int(number.removeprefix(start)) for number in session.scalars(query)]
    return f"{start}{max(used, default=0) + 1:03d}"


def events(session: Session, book_id: str) -> list[Event]:
    """Return the events, newest first, each with the vouchers that stand for its money."""
    query = select(w.OutsideEvent).where(w.OutsideEvent.book_id == book_id)
    rows = list(session.scalars(query.order_by(w.OutsideEvent.idx.desc())))
    owners = log.opened(session, book_id, [row.owner for row in rows])
    money = _income(session, book_id)
    return [
        Event(
            row.event,
            row.title,
            date.fromisoformat(row.day),
            row.platform,
            row.handle,
            owners.get(row.owner, ""),
            row.promise,
            row.expected_fen,
            row.idx,
            tuple(money.get(row.event, ())),
        )
        for row in rows
    ]


def get(session: Session, book_id: str, number: str) -> Event:
    """Return one event; raise NotFound if it is not registered."""
    found = next((item for item in events(session, book_id) if item.number == number), None)
    if found is None:
        raise NotFound(N_("没有登记他方活动“{number}”。"), number=number[:40])
    return found


def _income(session: Session, book_id: str) -> dict[str, list[tuple[int, str, int]]]:
    """Return (index, number, fen) of the standing income vouchers by event number."""
    e = t.Entry
    reversing = select(e.reverses).where(e.book_id == book_id, e.reverses.is_not(None))
    query = select(e.idx, e.number, e.amount_fen, e.facts).where(
        e.book_id == book_id, e.type == INCOME, e.idx.not_in(reversing)
    )
    found: dict[str, list[tuple[int, str, int]]] = {}
    for idx, number, fen, facts in session.connection().execute(query.order_by(e.idx)):
        found.setdefault(str(json.loads(facts).get("event", "")), []).append((idx, number, fen))
    return found


def check(session: Session, book_id: str, entry: dict[str, Any]) -> None:
    """Raise Invalid where an income entry, as a draft holds it, names an event that is not registered."""
    if entry["type"] != INCOME:
        return
    number = str(entry["facts"].get("event", ""))
    query = select(w.OutsideEvent.idx).where(
        w.OutsideEvent.book_id == book_id, w.OutsideEvent.event == number
    )
    if session.scalars(query.limit(1)).first() is None:
        raise Invalid(
            N_("没有登记他方活动“{number}”。请先在“协议与决议”的“他方活动”里登记，再记收入。"),
            number=number[:40],
        )
