"""What waits for a party's word, laid out as a signer works: one dossier per broadcast, the rest beside it.

A dossier shows everything that its entries rest on: evidence, the night's
declaration and its difference from what was booked, what the others said.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import broadcasts, dossiers, evidence, opinions, signoff, states
from ledger.book import chart as charts
from ledger.book.broadcasts import Broadcast
from ledger.book.duties import SIGNING_PARTIES, Actor
from ledger.book.opinions import Spoken
from ledger.proof import merkle
from ledger.store import tables as t
from ledger.store import tables_activity as a
from ledger.store.append_only import table_of
from ledger.words import N_, Text

ENTRY, OPENING, RECORD, SIGNOFF = (table_of(model) for model in (t.Entry, t.Opening, t.RecordRow, t.Signoff))
HEAD, CLAIM = table_of(t.RecordHead), table_of(a.RowClaim)
COLUMNS = (
    "number",
    "date",
    "type",
    "summary",
    "amount_fen",
    "broadcast",
    "drafter",
    "poster",
    "reverses",
    "corrects",
)
OPENING_TYPE = "OPENING"
OPENING_NAME = Text("期初余额", "Opening balances")
OPENING_NUMBER = "期初"

NO_EVIDENCE = N_("没有附件")
OBJECTION = N_("其他单位有异议")
UNDONE = N_("红字冲销")
CORRECTED = N_("更正凭证")
ANSWERED = N_("已有回复")
ALREADY = N_("已签认，随红字凭证再签一次")

OWN_HANDS = N_("您经手过这张凭证（制单或审核），不能签认。")
HOST = N_("您是本场主播，不能签认本场凭证。")


@dataclass(frozen=True, slots=True)
class Item:
    """One record before its signer. `family`: what must be signed with it; `barred`: why this person may not.

    `flags` are (message, kind) marks, kind as the page colours them; amounts are fen.
    """

    idx: int
    leaf: str
    number: str
    date: str
    type: str
    type_name: Text
    summary: str
    amount_fen: int
    broadcast: str
    files: tuple[t.Attachment, ...]
    rows: int
    part: str
    statement: str
    own: Spoken | None
    others: tuple[Spoken, ...]
    family: tuple[int, ...]
    barred: str
    flags: tuple[tuple[str, str], ...]

    @property
    def risky(self) -> bool:
        """Whether a mark asks for a closer look."""
        return any(kind in ("bad", "wait") for _, kind in self.flags)


@dataclass(frozen=True, slots=True)
class Dossier:
    """The entries of one broadcast (None: of no broadcast) and what was told of it that night."""

    broadcast: Broadcast | None
    told: tuple[dossiers.Told, ...]
    items: tuple[Item, ...]

    @property
    def risky(self) -> bool:
        """Whether an entry is marked or the settled figure differs from the night's without a reason."""
        return any(item.risky for item in self.items) or any(told.unexplained for told in self.told)

    @property
    def sum_fen(self) -> int:
        """Sum of the entries' amounts."""
        return sum(item.amount_fen for item in self.items)


def waiting(session: Session, actor: Actor) -> list[Dossier]:
    """Return what waits for the actor's party, the doubtful and then the oldest first."""
    return lay_out(session, actor, states.waiting(session, actor.book, actor.party))


def doubted(session: Session, actor: Actor) -> list[Dossier]:
    """Return what the actor's party queried, returned or advised on, and where it may speak again."""
    return lay_out(session, actor, doubted_indexes(session, actor.book, actor.party))


def doubted_indexes(session: Session, book_id: str, party: str) -> list[int]:
    """Return the records on which the party's newest word is not its agreement."""
    query = select(SIGNOFF.c.entry_idx, SIGNOFF.c.decision).where(
        SIGNOFF.c.book_id == book_id, SIGNOFF.c.party == party
    )
    rows = session.connection().execute(query.order_by(SIGNOFF.c.idx))
    newest = {row.entry_idx: row.decision for row in rows}
    return sorted(idx for idx, decision in newest.items() if decision not in states.AGREED)


def lay_out(session: Session, actor: Actor, indexes: list[int]) -> list[Dossier]:
    """Return the records, and what must be signed with them, as dossiers before the actor."""
    if actor.party not in SIGNING_PARTIES or not indexes:
        return []
    families = dossiers.families(session, actor.book)
    whole = sorted({relative for idx in indexes for relative in (idx, *families.get(idx, ()))})
    made = _items(session, actor, whole, families)
    numbers = sorted({item.broadcast for item in made if item.broadcast})
    told = dossiers.told(session, actor.book, numbers)
    found = [
        Dossier(
            broadcasts.get(session, actor.book, number) if number else None,
            told.get(number, ()),
            tuple(item for item in made if item.broadcast == number),
        )
        for number in (*numbers, "")
    ]
    return sorted(
        (dossier for dossier in found if dossier.items),
        key=lambda dossier: (not dossier.risky, min(item.date for item in dossier.items)),
    )


def _items(
    session: Session, actor: Actor, indexes: list[int], families: dict[int, tuple[int, ...]]
) -> list[Item]:
    """Return the records as items, those on which the party has no duty left out."""
    standings = states.standings(session, actor.book, indexes)
    mine = [idx for idx in indexes if any(party == actor.party for party, _, _ in standings[idx].duties)]
    said = opinions.spoken(session, actor.book, mine)
    files = evidence.attachments(session, actor.book, mine)
    chart = charts.current(session, actor.book)
    claimed = _claimed(session, actor.book, mine)
    hosted = _hosted(session, actor)
    found = []
    for row in rows(session, actor.book, mine):
        newest = [word for word in said.get(row.idx, ()) if word.newest]
        own = next((word for word in newest if word.word.party == actor.party), None)
        others = tuple(word for word in newest if word.word.party != actor.party)
        attached = tuple(files.get(row.idx, ()))
        part = next(part for party, part, _ in standings[row.idx].duties if party == actor.party)
        barred = OWN_HANDS if actor.person in (row.drafter, row.poster) else ""
        found.append(
            Item(
                row.idx,
                bytes(row.leaf).hex(),
                row.number,
                row.date,
                row.type,
                type_name(chart, row.type),
                row.summary,
                row.amount_fen,
                row.broadcast or "",
                attached,
                claimed.get(row.idx, 0),
                part,
                standings[row.idx].statement(actor.party),
                own,
                others,
                families.get(row.idx, ()),
                barred or (HOST if row.broadcast in hosted else ""),
                _flags(row, own, others, bare=not attached and row.idx not in claimed),
            )
        )
    return found


def type_name(chart: charts.Chart, code: str) -> Text:
    """Return the name of an entry's type, also of the opening's and of one that the chart no longer has."""
    if code == OPENING_TYPE:
        return OPENING_NAME
    return chart.types[code].name if code in chart.types else Text(code, code)


@dataclass(frozen=True, slots=True)
class Row:
    """What of an entry, or of the opening, a list needs."""

    idx: int
    leaf: bytes
    number: str
    date: str
    type: str
    summary: str
    amount_fen: int
    broadcast: str | None
    drafter: str
    poster: str
    reverses: int | None
    corrects: int | None


def rows(session: Session, book_id: str, indexes: list[int]) -> list[Row]:
    """Return the entries, and the opening if it is among them, in the order of the log."""
    found = []
    leaf = (RECORD.c.book_id == ENTRY.c.book_id) & (RECORD.c.idx == ENTRY.c.idx)
    columns = [ENTRY.c[name] for name in COLUMNS]
    for start in range(0, len(indexes), 500):
        some = indexes[start : start + 500]
        query = select(ENTRY.c.idx, RECORD.c.leaf, *columns).join(RECORD, leaf)
        query = query.where(ENTRY.c.book_id == book_id, ENTRY.c.idx.in_(some))
        found += [Row(*row) for row in session.connection().execute(query)]
    leaf = (RECORD.c.book_id == OPENING.c.book_id) & (RECORD.c.idx == OPENING.c.idx)
    head = (HEAD.c.book_id == OPENING.c.book_id) & (HEAD.c.idx == OPENING.c.idx)
    query = select(OPENING, RECORD.c.leaf, HEAD.c.person).join(RECORD, leaf).join(HEAD, head)
    for row in session.connection().execute(query.where(OPENING.c.book_id == book_id)):
        if row.idx in indexes:
            found.append(
                Row(row.idx, row.leaf, OPENING_NUMBER, f"{row.period}-01", OPENING_TYPE, OPENING_NAME.zh,
                     row.amount_fen, None, row.drafter, row.person, None, None)
            )  # fmt: skip
    return sorted(found, key=lambda row: row.idx)


def _claimed(session: Session, book_id: str, indexes: list[int]) -> dict[int, int]:
    """Return how many source rows stand under each entry."""
    found: dict[int, int] = {}
    query = select(CLAIM.c.idx, CLAIM.c.first, CLAIM.c.last).where(
        CLAIM.c.book_id == book_id, CLAIM.c.use == "booked"
    )
    wanted = set(indexes)
    for idx, first, last in session.connection().execute(
        query.where(CLAIM.c.idx.between(min(wanted, default=0), max(wanted, default=-1)))
    ):
        if idx in wanted:
            found[idx] = found.get(idx, 0) + last - first + 1
    return found


def _hosted(session: Session, actor: Actor) -> frozenset[str]:
    """Return the broadcasts that the actor hosts."""
    return frozenset(
        item.number for item in broadcasts.of_month(session, actor.book) if item.host_person == actor.person
    )


def _flags(
    row: Row, own: Spoken | None, others: tuple[Spoken, ...], *, bare: bool
) -> tuple[tuple[str, str], ...]:
    """Return the marks of a record: what a signer should look at first."""
    found = []
    if any(word.objecting for word in others):
        found.append((OBJECTION, "bad"))
    if bare and row.type != "REVERSAL":
        found.append((NO_EVIDENCE, "wait"))
    if row.reverses is not None:
        found.append((UNDONE, "bad"))
    if row.corrects is not None:
        found.append((CORRECTED, "note"))
    if own is not None and own.answers:
        found.append((ANSWERED, "good"))
    if own is not None and not own.objecting:
        found.append((ALREADY, "note"))
    return tuple(found)


def sheet_digest(shown: tuple[signoff.Seen, ...]) -> str:
    """Return the digest that a paper sheet prints: RFC 6962 root over the leaf hashes, by index."""
    ordered = sorted(shown, key=lambda item: item.idx)
    return merkle.root_of(bytes.fromhex(item.leaf) for item in ordered).hex()
