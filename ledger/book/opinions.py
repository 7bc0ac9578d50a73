"""What the parties said on records, in full: each word with its reason, and the office's replies to it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import evidence, roster, signoff, states
from ledger.book.states import Word
from ledger.store import log
from ledger.store import tables as t
from ledger.store.append_only import table_of
from ledger.words import Text

SIGNOFF, HEAD = table_of(t.Signoff), table_of(t.RecordHead)
ACTS_MAX = 200
"""How many acts of signing the page of a party's own acts shows, newest first."""


PARTS: dict[str, Text] = {
    "acknowledge": Text("知悉", "takes note"),
    "agree": Text("核对", "checks"),
    "declare": Text("本单位确认", "confirms its own"),
    "review": Text("交叉复核", "cross-review"),
    "opinion": Text("监督意见", "supervision opinion"),
}
"""What a party's part in an entry is called."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply to a query or a return. `text` is empty once erased."""

    idx: int
    name: str
    text: str
    at: str
    files: tuple[t.Attachment, ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """One word of a party on record `entry`. `reason` is None where none was given, empty once erased.

    `newest` says that the party has not spoken again since.
    """

    entry: int
    word: Word
    name: str
    reason: str | None
    answers: tuple[Answer, ...]
    files: tuple[t.Attachment, ...]
    newest: bool

    @property
    def objecting(self) -> bool:
        """Whether the word is a query, a return or an advice that may be answered."""
        return self.word.decision not in states.AGREED


@dataclass(frozen=True, slots=True)
class Act:
    """One act of signing: the first of its sign-off records, and what it covers (fen)."""

    idx: int
    at: str
    name: str
    decision: str
    method: str
    count: int
    sum_fen: int


def spoken(session: Session, book_id: str, indexes: list[int]) -> dict[int, list[Spoken]]:
    """Return every word on the records, oldest first, by record index."""
    history = [
        item
        for start in range(0, len(indexes), 500)
        for item in states.history(session, book_id, indexes[start : start + 500])
    ]
    newest = {(idx, word.party): word.idx for idx, word in history}
    reasons = log.opened(session, book_id, [word.reason for _, word in history if word.reason])
    names = roster.names(session, book_id)
    doubted = [word.idx for _, word in history if word.decision not in states.AGREED]
    answers = _answers(session, book_id, doubted, names)
    scans = evidence.attachments(
        session, book_id, [word.idx for _, word in history if word.method == "paper"]
    )
    found: dict[int, list[Spoken]] = {}
    for idx, word in history:
        found.setdefault(idx, []).append(
            Spoken(
                idx,
                word,
                names.get(word.person, ""),
                None if word.reason is None else reasons.get(word.reason, ""),
                answers.get(word.idx, ()),
                tuple(scans.get(word.idx, ())),
                newest[idx, word.party] == word.idx,
            )
        )
    return found


def _answers(
    session: Session, book_id: str, signoffs: list[int], names: dict[str, str]
) -> dict[int, tuple[Answer, ...]]:
    """Return the replies to the sign-offs, by sign-off index."""
    found = signoff.replies(session, book_id, signoffs) if signoffs else {}
    replied = [row.idx for rows in found.values() for row, _, _ in rows]
    files = evidence.attachments(session, book_id, replied)
    heads = select(HEAD.c.idx, HEAD.c.person).where(HEAD.c.book_id == book_id, HEAD.c.idx.in_(replied))
    people = {row.idx: row.person for row in session.connection().execute(heads)}
    return {
        about: tuple(
            Answer(row.idx, names.get(people[row.idx], ""), text, at, tuple(files.get(row.idx, ())))
            for row, text, at in rows
        )
        for about, rows in found.items()
    }


def queries(session: Session, book_id: str) -> list[Spoken]:
    """Return every query, return and advice of the book, oldest first; `newest`: it is still open."""
    doubting = select(SIGNOFF.c.entry_idx).where(
        SIGNOFF.c.book_id == book_id, SIGNOFF.c.decision.not_in(states.AGREED)
    )
    indexes = sorted(set(session.connection().execute(doubting).scalars()))
    said = [item for items in spoken(session, book_id, indexes).values() for item in items if item.objecting]
    return sorted(said, key=lambda item: item.word.idx)


def acts(session: Session, book_id: str, party: str) -> list[Act]:
    """Return the acts of signing of a party, newest first: a batch is one act, so is a scanned sheet."""
    query = (
        select(SIGNOFF, HEAD.c.at)
        .join(HEAD, (HEAD.c.book_id == SIGNOFF.c.book_id) & (HEAD.c.idx == SIGNOFF.c.idx))
        .where(SIGNOFF.c.book_id == book_id, SIGNOFF.c.party == party)
        .order_by(SIGNOFF.c.idx)
    )
    rows = session.connection().execute(query).all()
    amounts = amounts_of(session, book_id, [row.entry_idx for row in rows])
    names = roster.names(session, book_id)
    grouped: dict[tuple[str, ...], Act] = {}
    for row in rows:
        key = (row.batch, row.at, row.person, row.decision)
        first = grouped.get(key)
        grouped[key] = Act(
            first.idx if first else row.idx,
            row.at,
            names.get(row.person, ""),
            row.decision,
            row.method,
            (first.count if first else 0) + 1,
            (first.sum_fen if first else 0) + amounts[row.entry_idx],
        )
    return sorted(grouped.values(), key=lambda act: -act.idx)[:ACTS_MAX]


def amounts_of(session: Session, book_id: str, indexes: list[int]) -> dict[int, int]:
    """Return the amounts (fen) of entries and of the opening, by record index."""
    found: dict[int, int] = {}
    for start in range(0, len(indexes), 500):
        some = indexes[start : start + 500]
        for table in (table_of(t.Entry), table_of(t.Opening)):
            query = select(table.c.idx, table.c.amount_fen).where(
                table.c.book_id == book_id, table.c.idx.in_(some)
            )
            found.update((idx, fen) for idx, fen in session.connection().execute(query))
    return found
