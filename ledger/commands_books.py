"""Commands that write the books out: as plain text for another program, and as a year's archive."""

from __future__ import annotations

import argparse
import sys
from contextlib import nullcontext, suppress

from ledger import commands
from ledger.book import archive as archives
from ledger.book import books, ledgers
from ledger.errors import Invalid
from ledger.months import china_now
from ledger.words import N_


def journal(given: argparse.Namespace) -> int:
    """Write every voucher of a book as a journal of hledger or beancount."""
    from reports import plaintext  # noqa: PLC0415 - the reports are loaded only when needed

    store = commands.open_current(commands.settings())
    with store.reading() as session:
        books.get(session, given.book)
        span = ledgers.span(session, given.book)
        if span is None:
            raise Invalid(N_("请先登记期初余额。"))
        lines = plaintext.journal(
            given.format,
            span[0].first_day,
            ledgers.accounts(session, given.book),
            ledgers.opening_rows(session, given.book),
            ledgers.all_vouchers(session, given.book, *span),
        )
        target = given.out.open("w", encoding="utf-8", newline="\n") if given.out else nullcontext(sys.stdout)
        with target as out:
            out.writelines(lines)
    return 0


def archive(given: argparse.Namespace) -> int:
    """Write a year's electronic archive as a zip; the file appears only when it is complete."""
    from reports import books_archive  # noqa: PLC0415 - fonts are loaded only when needed

    if not ledgers.YEAR.fullmatch(given.year):
        raise Invalid(N_("年份“{text}”不对：请写成 2026 的样子。"), text=given.year[:40])
    current = commands.settings()
    store = commands.open_current(current)
    part = given.out.with_name(given.out.name + ".part")
    try:
        with store.reading() as session, part.open("wb") as out:
            books.get(session, given.book)
            made = archives.write(
                session,
                given.book,
                int(given.year),
                out,
                press=books_archive,
                at=china_now(),
                public_url=current.public_url,
            )
        part.replace(given.out)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
    commands.say(
        N_("{year} 年电子会计档案已写入 {file}：记录 {size} 条，根 {root}。"),
        year=made.year,
        file=str(given.out),
        size=made.log.size,
        root=made.log.root.hex(),
    )
    if made.head.open_months:
        months = "、".join(map(str, made.head.open_months))
        commands.say(N_("尚未月结，不是定稿：{months}。"), months=months)
    return 0
