"""The state of what is to be signed, derived from the log: never stored, so never out of step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book.duties import CHARITIES, DISCIPLINE, SIGNING_PARTIES
from ledger.proof.signature import AGREEING
from ledger.store import tables as t
from ledger.words import N_, Text

AGREED = set(AGREEING)
OBJECTED = {"return", "rectify", "suspend"}
QUERIED = {"query"}

DECISIONS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(CHARITIES, ("agree", "return", "query")),
    DISCIPLINE: ("no-irregularity", "query", "rectify", "suspend"),
}
"""What each party may decide. The discipline committee gives an opinion, it approves no amount."""

DECISION_NAMES: dict[str, Text] = {
    "agree": Text("同意", "agree"),
    "return": Text("退回", "return"),
    "query": Text("问询", "query"),
    "no-irregularity": Text("未发现异常", "no irregularity found"),
    "rectify": Text("建议整改", "rectification advised"),
    "suspend": Text("建议暂停拨付", "suspension of payments advised"),
}

STATES: dict[str, str] = {
    "pending": N_("待签认"),
    "agreed": N_("已签认"),
    "returned": N_("被退回"),
    "queried": N_("问询中"),
    "reversed": N_("已冲销"),
    "exempt": N_("无需签认"),
}


@dataclass(frozen=True, slots=True)
class Word:
    """One party's newest word on a record. `method`: sealed-key or paper; `leaf` is the sign-off's own."""

    party: str
    person: str
    role: str
    decision: str
    method: str
    key: str
    at: str
    idx: int
    leaf: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a record stands: who must speak (party, part, statement), who has, and what follows."""

    duties: tuple[tuple[str, str, str], ...]
    words: dict[str, Word]
    reversed_by: int | None

    @property
    def state(self) -> str:
        """One of STATES. An objection outweighs a query, a query the waiting."""
        if not self.duties:
            return "exempt"
        decisions = {self.words[party].decision for party, _, _ in self.duties if party in self.words}
        if decisions & OBJECTED:
            return "returned"
        if decisions & QUERIED:
            return "queried"
        if len(decisions & AGREED) and all(party in self.words for party, _, _ in self.duties):
            return "reversed" if self.reversed_by is not None else "agreed"
        return "reversed" if self.reversed_by is not None and not self.waiting_for else "pending"

    @property
    def waiting_for(self) -> tuple[str, ...]:
        """The parties that have not spoken yet."""
        return tuple(party for party, _, _ in self.duties if party not in self.words)

    def statement(self, party: str) -> str:
        """The text that party states when it agrees."""
        return next(text for who, _, text in self.duties if who == party)


def standings(session: Session, book_id: str, indexes: list[int]) -> dict[int, Standing]:
    """Return the standing of several records at once, by record index."""
    return {
        idx: standing
        for start in range(0, len(indexes), 500)
        for idx, standing in _some(session, book_id, indexes[start : start + 500])
    }


def _some(session: Session, book_id: str, indexes: list[int]) -> list[tuple[int, Standing]]:
    connection = session.connection()
    duties: dict[int, list[tuple[str, str, str]]] = {idx: [] for idx in indexes}
    query: Any = select(t.Duty.idx, t.Duty.party, t.Duty.part, t.Duty.statement).where(
        t.Duty.book_id == book_id, t.Duty.idx.in_(indexes)
    )
    for idx, party, part, statement in connection.execute(query.order_by(t.Duty.idx, t.Duty.n)):
        duties[idx].append((party, part, statement))
    words: dict[int, dict[str, Word]] = {idx: {} for idx in indexes}
    for row in history(session, book_id, indexes):
        words[row[0]][row[1].party] = row[1]
    query = select(t.Entry.reverses, t.Entry.idx).where(
        t.Entry.book_id == book_id, t.Entry.reverses.in_(indexes)
    )
    undone = {row.reverses: row.idx for row in connection.execute(query)}
    return [(idx, Standing(tuple(duties[idx]), words[idx], undone.get(idx))) for idx in indexes]


def history(session: Session, book_id: str, indexes: list[int]) -> list[tuple[int, Word]]:
    """Return every word spoken on the records, oldest first, as (record index, word)."""
    s, head = t.Signoff, t.RecordHead
    query = (
        select(
            s.entry_idx,
            s.party,
            s.person,
            s.role,
            s.decision,
            s.method,
            s.key_id,
            head.at,
            s.idx,
            s.leaf,
            s.reason,
        )
        .join(head, (head.book_id == s.book_id) & (head.idx == s.idx))
        .where(s.book_id == book_id, s.entry_idx.in_(indexes))
        .order_by(s.idx)
    )
    return [(row[0], Word(*row[1:])) for row in session.connection().execute(query)]


def waiting(session: Session, book_id: str, party: str) -> list[int]:
    """Return the records on which `party` has a duty and has not spoken, oldest first."""
    spoken = select(t.Signoff.entry_idx).where(t.Signoff.book_id == book_id, t.Signoff.party == party)
    query = select(t.Duty.idx).where(
        t.Duty.book_id == book_id, t.Duty.party == party, t.Duty.idx.not_in(spoken)
    )
    return list(session.scalars(query.order_by(t.Duty.idx))) if party in SIGNING_PARTIES else []
