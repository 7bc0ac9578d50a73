"""The monthly report as files: PDF and Excel of the month's statement, drafts until the report is issued."""

from __future__ import annotations

import re
from urllib.parse import quote

from flask import Blueprint, Response, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ledger.book import roster
from ledger.book import statement as statements
from ledger.errors import NotFound
from ledger.months import Month
from ledger.statement import MonthlyStatement
from ledger.web.access import SIGNED_IN, current_actor, current_person, needs
from ledger.web.desk import desk, store
from ledger.web.language import language
from ledger.web.month import known
from ledger.words import LANGUAGES, N_
from reports import cumulative, digest, excel, pdf, public
from reports.naming import PUBLIC, file_name

blueprint = Blueprint("reports", __name__)

NUMBER = re.compile(r"([a-z][a-z0-9-]{1,31})-(20[0-9]{2})(0[1-9]|1[0-2])-V[1-9][0-9]{0,3}", re.ASCII)
"""`demo-202603-V1`: book, month, version."""
MEDIA = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@blueprint.get("/<book>/month/<month>/report.pdf")
@needs("download")
def report_pdf(book: str, month: str) -> Response:
    """Hand out the month's report as a PDF draft; `?edition=public` for the masked one."""
    statement, chosen = _statement(book, month), _language()
    return _file(pdf.render(statement, language=chosen, draft=True), statement, chosen, "pdf")


@blueprint.get("/<book>/month/<month>/report.xlsx")
@needs("download")
def report_xlsx(book: str, month: str) -> Response:
    """Hand out the month's report as a workbook; `?edition=public` for the masked one."""
    statement, chosen = _statement(book, month), _language()
    return _file(excel.render(statement, language=chosen, draft=True), statement, chosen, "xlsx")


@blueprint.get("/<book>/month/<month>/cumulative.pdf")
@needs("download")
def cumulative_pdf(book: str, month: str) -> Response:
    """Hand out the one page since the beginning."""
    statement, chosen = _statement(book, month), _language()
    data = cumulative.render(statement, chosen, draft=True)
    return _file(data, statement, chosen, "pdf", "cumulative")


@blueprint.get("/r/<number>")
@needs(SIGNED_IN)
def by_number(number: str) -> AnyResponse:
    """Open the month of a report by the number that every page of it prints."""
    match = NUMBER.fullmatch(number)
    if match is None:
        raise NotFound(N_("没有编号为 {number} 的月报。"), number=number[:40])
    month = Month(int(match[2]), int(match[3]))
    with store().reading() as reading:
        roster.actor(reading, match[1], current_person().person)
        known(reading, match[1], month)
    return redirect(url_for("month.show", book=match[1], month=str(month)))


def _statement(book: str, month: str) -> MonthlyStatement:
    """Return the month's statement, masked where the public edition is asked for; the reading ends before anything is drawn."""
    wanted = Month.parse(month)
    with store().reading() as reading:
        current_actor(reading, book)
        known(reading, book, wanted)
        found = statements.monthly(reading, book, wanted, public_url=desk().config.public_url)
        names = statements.personal_names(reading, book)
    if request.args.get("edition") == PUBLIC:
        return public.masked(found, digest.statement_digest(found), names=names)
    return found


def _language() -> str:
    """Return the language asked for, else the reader's."""
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGES else language()


def _file(
    data: bytes, statement: MonthlyStatement, chosen: str, ending: str, kind: str = "monthly"
) -> Response:
    """Return a file to keep, named after book, month, edition and state."""
    name = file_name(statement, chosen, ending, draft=True, kind=kind)
    edition = "-public" if statement.audience == PUBLIC else ""
    plain = (
        f"{statement.number}{'-cumulative' if kind == 'cumulative' else ''}{edition}-draft-{chosen}.{ending}"
    )
    response = make_response(data)
    response.headers["Content-Type"] = MEDIA[ending]
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    return response
