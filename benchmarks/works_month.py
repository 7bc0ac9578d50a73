"""A month of 30,000 order rows, reconciled, closed and reported: in a book of 50,000 rows and in one of 1,000,000.

The small book is the floor: a month must cost what the month holds, not what the book holds.
"""

from __future__ import annotations

import pickle
import random
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

from benchmarks.works import nothing, open_book
from ledger.book.proposals import propose
from ledger.book.reconcile_lines import Line
from ledger.book.statement import monthly
from ledger.store import schema
from reports import pdf
from tests import books, year_book

SCALES = {"small": year_book.Scale(23, 180), "large": year_book.Scale(23, 3_800)}
MEASURED = year_book.Scale(10, 3_000)
"""The last month: ten broadcasts of 3,000 orders each."""


def prepare(folder: Path) -> None:
    """Build both books, eleven closed months and the measured one played but not reconciled."""
    for name, scale in SCALES.items():
        if (folder / f"{name}.pickle").exists():
            continue
        store = open_book(folder / f"{name}.db")
        schema.migrate(store)
        office = books.build(store)
        year = year_book.Year(office, scale, random.Random(7))
        *before, last = year_book.months()
        for month in before:
            year_book.play_month(year, month)
            year_book.reconcile_month(year, month)
            year_book.close_month(year, month)
        year.scale = MEASURED
        year_book.play_month(year, last)
        store.engine.dispose()
        year.office = None
        (folder / f"{name}.pickle").write_bytes(pickle.dumps((year, office.now)))


def _setup(name: str) -> Callable[[Path], None]:
    """Return what gives each round a copy of its own."""

    def setup(folder: Path) -> None:
        for ending in ("", "-wal", "-shm"):
            (folder / f"{name}-copy.db{ending}").unlink(missing_ok=True)
        shutil.copyfile(folder / f"{name}.db", folder / f"{name}-copy.db")

    return setup


def _month(name: str) -> Callable[[Path], None]:
    """Return the measured work: reconcile, close, state and draw the last month."""

    def work(folder: Path) -> None:
        year, now = pickle.loads((folder / f"{name}.pickle").read_bytes())  # noqa: S301 - written by `prepare`
        year.office = books.Office(open_book(folder / f"{name}-copy.db"), "county", now=now)
        for login, (party, role) in books.SEATS.items():
            year.office.actors[login] = books.Actor(f"p-{login}", "county", party, role, "岗位")
        *_, last = year_book.months()
        year_book.reconcile_month(year, last)
        year_book.close_month(year, last)
        with year.office.store.reading() as session:
            statement = monthly(session, "county", last)
        pdf.render(statement)

    return work


def _lines(side: str) -> Iterator[Line]:
    chance = random.Random(side)
    for n in range(5_000):
        day = date(2026, 3, 1) + timedelta(days=chance.randrange(31))
        yield Line(side, n, 0, day, 100 + n % 4_000, str(n), "", "", "", "")


def join_by_amount(_folder: Path) -> None:
    """The floor of proposing: two dictionaries by amount and day, 5,000 lines each."""
    known: dict[tuple[int, date], list[Line]] = {}
    for line in _lines("book"):
        known.setdefault((line.fen, line.day), []).append(line)
    sum(len(known.get((line.fen, line.day), ())) for line in _lines("statement"))


def proposals(_folder: Path) -> None:
    """Propose matches between 5,000 statement lines and 5,000 book lines, most amounts on both sides."""
    propose(_lines("statement"), _lines("book"))


MONTHS: dict[str, tuple[Callable[[Path], None], Callable[[Path], None]]] = {
    "month in 75,000 rows": (_setup("small"), _month("small")),
    "month in 1,000,000 rows": (_setup("large"), _month("large")),
    "floor: join by amount": (nothing, join_by_amount),
    "propose 5,000 × 5,000": (nothing, proposals),
}
