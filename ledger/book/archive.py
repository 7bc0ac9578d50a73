"""A year's electronic archive (电子会计档案): records, vouchers, ledgers, reports and files in one zip.

会计档案管理办法 (order 79) art. 8: what is kept electronically must be complete and its changes
detectable; 档案法 art. 37: it then equals paper. Private openings are not in it; what
documents print, and files themselves, are. Documents are drawn by a `Press`, so that this
layer knows nothing of PDF and Excel.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import ledger
from ledger.book import archive_files, ledgers, ledgers_accounts, periods, retention
from ledger.book.archive_package import Package
from ledger.book.statement import monthly
from ledger.errors import NotFound
from ledger.months import Month, stamp
from ledger.sections_books import Account, BookHead, Ledgers, Voucher
from ledger.statement import MonthlyStatement
from ledger.store import log
from ledger.store import tables as t
from ledger.store import tables_check as c
from ledger.words import N_

README = Path(__file__).with_name("archive-readme.txt")
CHECKER = Path(__file__).with_name("archive_check.py")
FORMAT = "sunbook-archive/1"


class Press(Protocol):
    """What draws the documents of a package: `reports.books_archive` in the program."""

    @property
    def STYLES(self) -> Iterable[str]:  # noqa: N802 - a constant of the module that fits
        """The styles that `journal` knows."""
        ...

    def vouchers(self, head: BookHead, vouchers: Iterable[Voucher], /) -> bytes:
        """Return the vouchers of a month as PDF."""
        ...

    def ledgers(self, ledgers: Ledgers, /) -> Iterator[tuple[str, bytes]]:
        """Yield (file name, content) of the ledgers of a year."""
        ...

    def report(self, statement: MonthlyStatement, /) -> Iterator[tuple[str, bytes]]:
        """Yield (ending, content) of a monthly report."""
        ...

    def journal(
        self,
        style: str,
        first_day: date,
        accounts: Iterable[Account],
        opening: Iterable[tuple[Account, int]],
        vouchers: Iterable[Voucher],
        /,
    ) -> Iterator[str]:
        """Yield the lines of a plain-text journal, in one of STYLES."""
        ...


@dataclass(frozen=True, slots=True)
class Scope:
    """What a package is about: the year's months in this book, and how far its log goes."""

    book: str
    year: int
    first: Month
    last: Month
    head: BookHead
    log: log.Head

    @property
    def months(self) -> list[Month]:
        """The months, in order."""
        return ledgers.every_month(self.first, self.last)


def scope(session: Session, book_id: str, year: int) -> Scope:
    """Return what the year's package would hold; raise NotFound if the book has nothing in that year."""
    if not ledgers.YEAR.fullmatch(str(year)):
        raise NotFound(N_("{month} 没有账目。"), month=str(year)[:12])
    first, last = ledgers.months_of(session, book_id, str(year))
    stands = log.head(session, book_id, _reach(session, book_id, year))
    return Scope(book_id, year, first, last, ledgers.head(session, book_id, first, last), stands)


def write(
    session: Session,
    book_id: str,
    year: int,
    out: IO[bytes],
    *,
    press: Press,
    at: datetime,
    sources: bool = True,
    public_url: str = "",
) -> Scope:
    """Write the year's package to `out`, piece by piece; raise NotFound if the book has nothing in that year.

    `sources` False leaves out what platforms and banks gave, whose rows may hold names and
    account numbers; their list stays. Memory holds one month at a time, the year's ledgers and the list of files.
    """
    what = scope(session, book_id, year)
    package = Package(out, at)
    lines = (record.data + b"\n" for record in log.records(session, book_id, 0, what.log.size))
    package.add("records/records.jsonl", lines, "book")
    for month in what.months:
        vouchers = ledgers.vouchers(session, book_id, month)
        data = press.vouchers(ledgers.head(session, book_id, month, month), vouchers)
        package.add(f"vouchers/{month}.pdf", [data], "voucher")
        statement = monthly(session, book_id, month, public_url=public_url)
        for ending, data in press.report(statement):
            package.add(f"reports/{month}.{ending}", [data], "monthly-report")
    for name, data in press.ledgers(ledgers_accounts.of_months(session, book_id, what.first, what.last)):
        package.add(f"ledgers/{year}-{name}", [data], "book")
    for style in press.STYLES:
        package.add(f"journal/{year}.{style}", _journal(session, what, press, style), "book")
    archive_files.write(session, package, what, sources=sources)
    _describe(session, package, what, at=at, sources=sources)
    package.finish()
    return what


def _reach(session: Session, book_id: str, year: int) -> int:
    """Return how many records the package holds: through the year's end, and on to what was said later of that year.

    December is booked, signed and closed in January; those records must be in it. A log is kept from
    its beginning, so everything in between is as well.
    """
    last, end = str(Month(year, 12)), f"{year + 1:04d}"
    entry, signed, head, closed = t.Entry, t.Signoff, t.RecordHead, c.MonthClosed
    of_year = select(entry.idx).where(entry.book_id == book_id, entry.period <= last)
    queries = (
        select(func.max(head.idx)).where(head.book_id == book_id, head.at < end),
        select(func.max(entry.idx)).where(entry.book_id == book_id, entry.period <= last),
        select(func.max(closed.idx)).where(closed.book_id == book_id, closed.period <= last),
        select(func.max(signed.idx)).where(signed.book_id == book_id, signed.entry_idx.in_(of_year)),
    )
    return 1 + max(session.connection().execute(query).scalar() or 0 for query in queries)


def _journal(session: Session, what: Scope, press: Press, style: str) -> Iterator[bytes]:
    """Yield the year's journal, beginning with the balances of its first day."""
    lines = press.journal(
        style,
        what.first.first_day,
        ledgers.accounts(session, what.book),
        ledgers.brought_rows(session, what.book, what.first),
        ledgers.all_vouchers(session, what.book, what.first, what.last),
    )
    for line in lines:
        yield line.encode()


def _describe(session: Session, package: Package, what: Scope, *, at: datetime, sources: bool) -> None:
    """Write what explains the package: metadata, the README and the checking program."""
    told = _metadata(session, what, at=at, sources=sources)
    package.add("metadata.json", [(json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()], "book")
    package.add("README.txt", [_readme(what, at=at, sources=sources).encode()], "book")
    package.add("verify.py", [CHECKER.read_bytes()], "book")


def _metadata(session: Session, what: Scope, *, at: datetime, sources: bool) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "book": what.book,
        "name": {"zh": what.head.name.zh, "en": what.head.name.en},
        "county": {"zh": what.head.county.zh, "en": what.head.county.en},
        "operator": {"zh": what.head.operator.zh, "en": what.head.operator.en},
        "year": what.year,
        "months": [_month(session, what.book, month) for month in what.months],
        "open_months": [str(month) for month in what.head.open_months],
        "log": {
            "origin": what.log.origin,
            "size": what.log.size,
            "root": what.log.root.hex(),
            "hash": "sha-256",
        },
        "software": {"name": "Sunbook", "version": ledger.__version__},
        "made_at": stamp(at),
        "signatures": {
            "records": "records/records.jsonl",
            "signoffs": ["signoff.signed", "signoff.paper"],
            "keys": ["key.enrolled", "key.ended"],
            "format": "docs/log-format.md §8, §9",
        },
        "private_values": "commitments only",
        "sources": "included" if sources else "listed only",
        "retention": [
            {
                "class": rule.code,
                "name": rule.name.zh,
                "years": rule.years or "permanent",
                "from": retention.begins(what.year).isoformat(),
                "until": str(retention.until(rule.code, what.year) or "permanent"),
            }
            for rule in retention.RULES
        ],
    }


def _month(session: Session, book_id: str, month: Month) -> dict[str, str]:
    closed = periods.get(session, book_id, month)
    state = {"closed_at": closed.at, "closed_by_record": str(closed.idx)} if closed else {}
    return {"month": str(month), "state": "closed" if closed else "open", **state}


def _readme(what: Scope, *, at: datetime, sources: bool) -> str:
    return README.read_text("utf-8").format(
        name=what.head.name.zh,
        code=what.book,
        operator=what.head.operator.zh,
        year=what.year,
        months="、".join(map(str, what.months)),
        open_months="、".join(map(str, what.head.open_months)) or "无",
        at=stamp(at),
        version=ledger.__version__,
        origin=what.log.origin,
        size=what.log.size,
        root=what.log.root.hex(),
        sources="原件在内" if sources else "本包只有清单 list.jsonl，原件由记账岗位另行制包",
        begins=retention.begins(what.year).isoformat(),
        retention="\n".join(
            f"  {rule.name.zh}：{f'{rule.years} 年（至 {retention.until(rule.code, what.year)}）' if rule.years else '永久'}"
            for rule in retention.RULES
        ),
    )
