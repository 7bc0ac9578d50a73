"""What a received statement says, line by line: movements of one account, oldest first, each counted once.

Lines are read from the stored rows through the reader that took them in. Two
files of one account overlap where they hold the same movement: the same natural
key, or, in another format, the same day, amount and balance.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger import intake
from ledger.book.chart import Chart
from ledger.errors import NotFound
from ledger.intake import SourceRow, mapping
from ledger.intake.text import header_key
from ledger.months import CHINA
from ledger.store import tables as t
from ledger.store import tables_activity as a
from ledger.words import N_

PARTY_ACCOUNTS = ("对方账号", "对方账户", "对方卡号/账号", "对方卡号", "对手账号", "交易对方账号")
"""Columns that hold the counterparty's account; two-sided formats name payer and payee instead."""
PAYERS, PAYEES = ("付款人账号", "付款账号"), ("收款人账号", "收款账号")


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One movement. `row` counts from 0; `fen` is positive into the account; `at` is None without a time of day."""

    file: int
    row: int
    day: date
    at: datetime | None
    fen: int
    party: str
    party_account: str
    text: str
    balance_fen: int | None
    kind: str


@dataclass(frozen=True, slots=True)
class Keyed:
    """A line with the natural key of its row."""

    key: str
    line: StatementLine


@dataclass(slots=True)
class _Kept:
    """A line that counts, and the later files in which it was found again."""

    line: StatementLine
    again: set[int] = field(default_factory=set)


def allowed(chart: Chart) -> tuple[str, ...]:
    """Return the accounts that may have statements: the bank, and what may be withdrawn at each platform.

    Money in transit has none: it is on its way between two that have.
    """
    wallets = [platform.wallet for platform in chart.platforms.values()]
    named = [chart.named[name] for name in ("bank", "commission_wallet") if name in chart.named]
    return tuple(dict.fromkeys([*named[:1], *wallets, *named[1:]]))


def file_of(session: Session, book: str, idx: int) -> a.SourceFile:
    """Return a received file; raise NotFound if record `idx` is none."""
    found = session.get(a.SourceFile, (book, idx, 0))
    if found is None:
        raise NotFound(N_("没有这份文件。"))
    return found


def of_file(session: Session, file: a.SourceFile, opening_fen: int) -> list[Keyed]:
    """Return the lines of a received file, oldest first; what moves nothing stands there with 0."""
    query = (
        select(t.SourceRow.n, t.SourceRow.cells)
        .where(t.SourceRow.book_id == file.book_id, t.SourceRow.file_idx == file.idx)
        .order_by(t.SourceRow.n)
    )
    stored = [(n, tuple(json.loads(cells))) for n, cells in session.connection().execute(query)]
    partial = len(stored) < file.rows
    header = tuple(json.loads(file.header))
    numbered = [(n + 1, cells) for n, cells in stored]
    rows = intake.reread(file.reader, file.version, header, numbered, partial=partial)
    return _lined(file.idx, _account_places(file.reader, header), rows, opening_fen)


def _lined(
    file_idx: int, places: tuple[int, int], rows: Sequence[SourceRow], opening_fen: int
) -> list[Keyed]:
    """Return rows as lines, oldest first; `rows` are numbered from 1, as `intake.reread` was given them."""
    found, before = [], opening_fen
    for at in ordered(rows):
        row = rows[at]
        fen = _signed(row, before)
        before = before + fen if row.balance_fen is None else row.balance_fen
        moment = row.at.astimezone(CHINA)
        line = StatementLine(
            file=file_idx,
            row=row.number - 1,
            day=moment.date(),
            at=None if moment.time() == time.min else moment,
            fen=fen,
            party=row.party,
            party_account=_party_account(row, places),
            text=" ".join(dict.fromkeys(filter(None, (row.title, row.note)))),
            balance_fen=row.balance_fen,
            kind=row.kind,
        )
        found.append(Keyed(row.key, line))
    return found


def ordered(rows: Sequence[SourceRow]) -> list[int]:
    """Return the places of rows from oldest to newest: by the running balance, else by the moments at the ends."""
    places = list(range(len(rows)))
    if len(rows) < 2:  # noqa: PLR2004 - a pair
        return places
    falls = rows[0].at > rows[-1].at
    if all(row.balance_fen is not None for row in rows):
        pairs = list(pairwise(rows))
        down = sum(_follows(before, after) for before, after in pairs)
        up = sum(_follows(after, before) for before, after in pairs)
        falls = (up, falls) > (down, not falls)
    return places[::-1] if falls else places


def _follows(before: SourceRow, after: SourceRow) -> bool:
    """Tell whether a row's balance follows from the one before; a memo row may move it either way or not."""
    step = (after.balance_fen or 0) - (before.balance_fen or 0)
    if after.kind.endswith("_memo"):
        return step in (0, after.amount_fen, -after.amount_fen)
    return step == _signed(after, 0)


def _signed(row: SourceRow, before_fen: int) -> int:
    """Return what a row moves; of one that is neither income nor expense, only the balance tells."""
    if row.kind.endswith("_memo"):
        return 0 if row.balance_fen is None else row.balance_fen - before_fen
    return -row.amount_fen if row.kind.endswith("_out") else row.amount_fen


def _account_places(reader: str, header: Sequence[str]) -> tuple[int, int]:
    """Return where the counterparty's account stands in a row that came in, and in one that went out; -1: nowhere."""
    keys = [header_key(title.lstrip("`'")).partition("[")[0] for title in header]
    both: tuple[str, ...] = PARTY_ACCOUNTS
    if reader.startswith(mapping.PREFIX):
        both = (mapping.decode(reader.removeprefix(mapping.PREFIX)).party_account,)

    def place(names: Iterable[str]) -> int:
        return next((keys.index(header_key(name)) for name in names if name and header_key(name) in keys), -1)

    return place((*both, *PAYERS)), place((*both, *PAYEES))


def _party_account(row: SourceRow, places: tuple[int, int]) -> str:
    place = places[1 if row.kind.endswith("_out") else 0]
    found = row.cells[place].strip("\t '`") if 0 <= place < len(row.cells) else ""
    return "" if set(found) <= set("-/") else found


def merged(files: Iterable[Sequence[Keyed]]) -> list[StatementLine]:
    """Return each movement of several files once, in order of time; `files` in the order of their receipt.

    A line found again in a later file takes up one line that counts already and no more, so that two
    payments that are truly equal stay two.
    """
    keys: set[str] = set()
    kept: dict[tuple[date, int], list[_Kept]] = {}
    order: list[StatementLine] = []
    for lines in files:
        fresh = []
        for one in lines:
            if not one.line.fen:
                continue
            if one.key in keys:
                _take(kept, one.line, exactly=True)
            elif not _take(kept, one.line, exactly=False):
                fresh.append(one.line)
        keys |= {one.key for one in lines}
        for line in fresh:
            kept.setdefault((line.day, line.fen), []).append(_Kept(line))
        order += fresh
    return sorted(order, key=lambda line: line.day)


def _take(kept: dict[tuple[date, int], list[_Kept]], line: StatementLine, *, exactly: bool) -> bool:
    """Mark one line of an earlier file as found again in this line's file; False if there is none."""
    for one in kept.get((line.day, line.fen), ()):
        free = line.file not in one.again and one.line.file != line.file
        if free and _same(one.line, line, exactly=exactly):
            one.again.add(line.file)
            return True
    return False


def _same(one: StatementLine, other: StatementLine, *, exactly: bool) -> bool:
    """Tell whether two lines of equal day and amount are the same movement.

    Where only one of two formats gives a balance, the times must be there and agree: money is rather
    shown twice than hidden.
    """
    if exactly:
        return (one.at, one.balance_fen) == (other.at, other.balance_fen)
    if one.at is not None and other.at is not None and one.at != other.at:
        return False
    if one.balance_fen is None and other.balance_fen is None:
        return True
    if one.balance_fen is None or other.balance_fen is None:
        return one.at is not None and other.at is not None
    return one.balance_fen == other.balance_fen
