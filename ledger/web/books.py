"""The printed books (会计账簿): downloads of a month or a year, one account's ledger on screen, the year's archive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, make_response, render_template, request, send_file
from sqlalchemy.orm import Session

from ledger.book import archive as archives
from ledger.book import books as every_book
from ledger.book import (
    entries,
    ledgers,
    ledgers_accounts,
    ledgers_counterpart,
    opening,
    periods,
    retention,
    roster,
)
from ledger.book.duties import CHARITIES, DISCIPLINE, OPERATOR, Actor, NotYourDuty
from ledger.errors import NotFound
from ledger.months import Month
from ledger.web.access import current_actor, needs
from ledger.web.desk import desk, now, store
from ledger.web.language import language
from ledger.words import LANGUAGES, N_, translate
from reports import books_archive, books_ledgers, books_vouchers, plaintext

blueprint = Blueprint("books", __name__, url_prefix="/<book>/books")

PDF, TEXT, ZIP = "application/pdf", "text/plain; charset=utf-8", "application/zip"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

OTHERS = N_("电子会计档案由运营单位、纪检监督和审计管理员下载；慈善机构请下载自己的建议对应凭证。")
"""Why a charity does not download the archive: it holds the other charity's files too."""


@dataclass(frozen=True, slots=True)
class File:
    """A download: what is read inside the snapshot, how it is drawn after it, and what it is called."""

    read: Callable[[Session, str, Month, Month], Any]
    draw: Callable[[Any, str], bytes]
    media: str
    name: str


def _vouchers(session: Session, book: str, first: Month, last: Month) -> Any:  # noqa: ANN401 - what draw takes
    """Read a month's vouchers; a year of them would be a parcel, not a file."""
    if first != last:
        raise NotFound(N_("记账凭证按月下载，请选择一个月份。"))
    return ledgers.head(session, book, first, last), ledgers.vouchers(session, book, first)


def _counterparts(party: str) -> File:
    def read(session: Session, book: str, first: Month, last: Month) -> Any:  # noqa: ANN401 - what draw takes
        variant = request.args.get("variant", "donation")
        return ledgers_counterpart.suggested(session, book, party, first, last, variant=variant)

    return File(
        read,
        lambda value, chosen: books_ledgers.counterparts(value, language=chosen),
        XLSX,
        N_("建议对应凭证"),
    )


def _journal(style: str) -> File:
    def read(session: Session, book: str, first: Month, last: Month) -> Any:  # noqa: ANN401 - what draw takes
        return (
            first.first_day,
            ledgers.accounts(session, book),
            ledgers.brought_rows(session, book, first),
            tuple(ledgers.all_vouchers(session, book, first, last)),
        )

    return File(
        read, lambda value, _: "".join(plaintext.journal(style, *value)).encode(), TEXT, N_("纯文本账")
    )


def _printed(kind: str) -> File:
    return File(
        ledgers_accounts.of_months,
        lambda value, chosen: books_ledgers.pdf(value, kind, language=chosen),
        PDF,
        books_ledgers.TITLES[kind],
    )


FILES: dict[str, File] = {
    "vouchers.pdf": File(
        _vouchers,
        lambda value, chosen: books_vouchers.render(*value, language=chosen),
        PDF,
        books_vouchers.TITLE,
    ),
    **{f"{kind}.pdf": _printed(kind) for kind in books_ledgers.TITLES},
    "ledgers.xlsx": File(
        ledgers_accounts.of_months,
        lambda value, chosen: books_ledgers.workbook(value, language=chosen),
        XLSX,
        N_("会计账簿"),
    ),
    **{f"counterpart-{party}.xlsx": _counterparts(party) for party in CHARITIES},
    **{f"journal.{style}": _journal(style) for style in plaintext.FORMATS},
}
"""Every file by the last part of its address."""


@blueprint.get("/")
@needs("view", "audit")
def index(book: str) -> str:
    """Let a person choose month or year, and say what each file is for."""
    with store().reading() as reading:
        actor = current_actor(reading, book)
        begun = opening.exists(reading, book)
        if not begun:
            return render_template("books/empty.html")
        months = entries.months(reading, book)
        years = sorted({month.year for month in months}, reverse=True)
        period = request.args.get("period", "") or str(months[0])
        first, last = ledgers.months_of(reading, book, period)
        found = ledgers_accounts.of_months(reading, book, first, last) if actor.may("view") else None
        names = roster.parties(reading, book)
        closed = periods.last_closed(reading, book)
        scopes = [archives.scope(reading, book, year) for year in years]
    return render_template(
        "books/index.html",
        period=period,
        first=first,
        last=last,
        months=months,
        years=years,
        found=found,
        charities=_own_first(actor, names),
        closed=closed,
        scopes=scopes,
        rules=[(rule, retention.until(rule.code, years[0])) for rule in retention.RULES],
        archive_off="" if _may_archive(actor) else OTHERS,
        may_download=actor.may("download"),
    )


@blueprint.get("/account/")
@needs("view")
def account(book: str) -> str:
    """Show one account's month with links to its vouchers; the first account where none is chosen."""
    with store().reading() as reading:
        others = ledgers.accounts(reading, book)
        code = request.args.get("code", "") or others[0].code
        months = entries.months(reading, book)
        asked = request.args.get("month", "")
        month = Month.parse(asked) if asked else months[0] if months else Month.of(now())
        ledgers.months_of(reading, book, str(month))
        ledger = ledgers_accounts.of_account(reading, book, code, month)
        reach = ledgers.span(reading, book)
    return render_template(
        "books/account.html",
        ledger=ledger,
        one=ledger.months[0],
        month=month,
        earlier=month.plus(-1) if reach and month > reach[0] else None,
        later=month.plus(1) if reach and month < reach[1] else None,
        others=others,
    )


@blueprint.get("/<period>/<name>")
@needs("download")
def download(book: str, period: str, name: str) -> Response:
    """Hand out one file of a month or a year."""
    file = FILES.get(name)
    if file is None:
        raise NotFound(N_("没有这个文件。"))
    with store().reading() as reading:
        current_actor(reading, book)
        title = every_book.get(reading, book).name
        value = file.read(reading, book, *ledgers.months_of(reading, book, period))
    asked = request.args.get("lang", "")
    chosen = asked if asked in LANGUAGES else language()
    response = make_response(file.draw(value, chosen))
    said = f"{title.in_(chosen)}-{translate(file.name, chosen)}-{period}.{name.rpartition('.')[2]}"
    response.headers["Content-Type"] = file.media
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{book}-{period}-{name}\"; filename*=UTF-8''{quote(said, safe='')}"
    )
    return response


@blueprint.get("/archive/<int:year>.zip")
@needs("download", "audit")
def archive(book: str, year: int) -> Response:
    """Build the year's archive in a temporary file and hand it out; what banks gave only to those who book."""
    target = TemporaryFile()  # noqa: SIM115 - the response closes it
    try:
        with store().reading() as reading:
            actor = current_actor(reading, book)
            archives.scope(reading, book, year)  # a year that is not there is not there for anybody
            _require_archive(actor)
            archives.write(
                reading,
                book,
                year,
                target,
                press=books_archive,
                at=now(),
                sources=actor.may("import") or actor.may("post"),
                public_url=desk().config.public_url,
            )
            title = every_book.get(reading, book).name
    except BaseException:
        target.close()
        raise
    target.seek(0)
    name = f"{title.zh}-{year}-电子会计档案.zip"
    return send_file(target, mimetype=ZIP, as_attachment=True, download_name=name)


def _may_archive(actor: Actor) -> bool:
    """Say whether somebody may have a whole year: the operator, the supervisors, the audit administrator."""
    return actor.may("audit") or (actor.may("download") and actor.party in (OPERATOR, DISCIPLINE))


def _require_archive(actor: Actor) -> None:
    if not _may_archive(actor):
        raise NotYourDuty(OTHERS)


def _own_first(actor: Actor, names: dict[str, Any]) -> list[tuple[str, Any, bool]]:
    """Return (party, name, whether it is the reader's) of the charities, the reader's own first."""
    parties = sorted(CHARITIES, key=lambda party: party != actor.party)
    return [(party, names.get(party, party), party == actor.party) for party in parties]
