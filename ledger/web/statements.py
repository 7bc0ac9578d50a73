"""Statements of bank and wallets: what has come, what is missing, their lines; and balances shown on screens."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from ledger.book import bills, evidence, imports, masking, placing, profiles, roster, shown, statements
from ledger.book import chart as charts
from ledger.book.duties import Actor
from ledger.book.statements import StatementLine
from ledger.errors import SunbookError
from ledger.web import forms, held_files
from ledger.web.access import current_actor, needs
from ledger.web.desk import now, store
from ledger.web.imports import kind_of
from ledger.web.language import gettext
from ledger.words import N_

blueprint = Blueprint("statements", __name__, url_prefix="/<book>/reconcile/statements")

PAGE_LINES = 100
FIRST_YEAR = 2000
LAST_YEAR = 2099
ENDS = 4
"""Digits of an account number that are shown at each end."""


@blueprint.before_request
def sweep() -> None:
    """Delete files that waited too long, whoever comes by."""
    held_files.sweep(str((request.view_args or {}).get("book", "")))


@blueprint.get("/")
@needs("view")
def index(book: str) -> Response:
    """Show the statements of a year by account, what is missing, and the forms."""
    return _page(book)


@blueprint.post("/")
@needs("statement")
def upload(book: str) -> Response | AnyResponse:
    """Take in a statement; hold it where something must be asked first."""
    try:
        chosen = request.files.get("file")
        if chosen is None or not chosen.filename:
            raise forms.BadField(N_("请选择对账单文件。"))
        with store().reading() as reading:
            accounts = statements.allowed(charts.current(reading, book))
        options = held_files.options(accounts)
        return held_files.take_in(book, chosen.read(), chosen.filename, options)
    except forms.REFUSED as error:
        return _page(book, error, "upload")


@blueprint.post("/<int(max=999999999):file>/place")
@needs("statement")
def place(book: str, file: int) -> Response | AnyResponse:
    """Say to which account a file belongs that was received before."""
    try:
        with store().reading() as reading:
            accounts = statements.allowed(charts.current(reading, book))
        given = held_files.placement(held_files.options(accounts, personal=False))
        with store().transaction(book) as session:
            placing.place(session, current_actor(session, book), file, **given, at=now())
    except forms.REFUSED as error:
        return _page(book, error, f"place-{file}")
    flash(gettext(N_("对账单已登记。")))
    return redirect(url_for("statements.show", book=book, file=file))


@blueprint.get("/<int(max=999999999):file>")
@needs("view")
def show(book: str, file: int) -> Response:
    """Show the lines of a statement with the running balance."""
    with store().reading() as reading:
        actor = current_actor(reading, book)
        found = statements.of_statement(reading, book, file)
        received = imports.get(reading, book, file)
        place = statements.find(reading, book, file)
        chart = charts.current(reading, book)
        names = roster.names(reading, book)
    balances, balance = [], place.opening_fen
    for line in found:
        balance += line.fen
        balances.append(balance)
    return _lines_page(
        "statements/show.html", actor, found, balances, place=place, file=received, chart=chart, names=names
    )


@blueprint.get("/bills/<int(max=999999999):file>")
@needs("view")
def bill(book: str, file: int) -> Response:
    """Show the rows of a personal bill that were ticked."""
    with store().reading() as reading:
        actor = current_actor(reading, book)
        found = bills.lines(reading, book, file)
        received = imports.get(reading, book, file)
        names = roster.names(reading, book)
    return _lines_page("statements/bill.html", actor, found, [], file=received, names=names)


@blueprint.post("/balances")
@needs("statement")
def record_balance(book: str) -> Response | AnyResponse:
    """Record the balance that a platform's page shows, with its picture."""
    given = request.form
    try:
        with store().reading() as reading:
            accounts = statements.allowed(charts.current(reading, book))
        account = forms.chosen(given, "shown_account", N_("账户"), accounts)
        day = forms.day(given, "shown_day", N_("余额日期"))
        fen = forms.fen(given, "shown_balance", N_("屏幕上的余额"), negative=True)
        files = forms.uploads(request.files, "shot")
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            shots = forms.attach(session, actor, files)
            shown.record(
                session, actor, account=account, day=day, balance_fen=fen, attachments=shots, at=now()
            )
    except forms.REFUSED as error:
        return _page(book, error, "balance")
    flash(gettext(N_("余额已登记。")))
    return redirect(url_for("statements.index", book=book))


def sees_names(actor: Actor) -> bool:
    """Say whether a person may read counterparties in full: who files statements or reconciles."""
    return actor.may("statement") or actor.may("reconcile")


def masked_number(number: str) -> str:
    """Return the ends of a long account number."""
    return f"{number[:ENDS]}…{number[-ENDS:]}" if len(number) > 2 * ENDS - 1 else number


def _lines_page(
    template: str,
    actor: Actor,
    lines: list[StatementLine],
    balances: list[int],
    /,
    **more: Any,  # noqa: ANN401 - what a template shows
) -> Response:
    """Return one page of lines, with counterparties as far as this person may see them."""
    pages = max(1, -(-len(lines) // PAGE_LINES))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    part = slice((page - 1) * PAGE_LINES, page * PAGE_LINES)
    return forms.answer(
        template,
        None,
        book=actor.book,
        lines=lines[part],
        balances=balances[part],
        party=(lambda name: name) if sees_names(actor) else masking.mask,
        number=masked_number,
        sees_names=sees_names(actor),
        opens_file=actor.may("import") or actor.may("post"),
        page=page,
        pages=pages,
        kind_of=kind_of,
        **more,
    )


def _page(book: str, error: SunbookError | None = None, at_form: str = "") -> Response:
    """Return the page of a year, after an error with the form that was wrong."""
    year = min(max(request.args.get("year", now().year, type=int), FIRST_YEAR), LAST_YEAR)
    first, last = date(year, 1, 1), date(year, 12, 31)
    with store().reading() as reading:
        actor = current_actor(reading, book)
        chart = charts.current(reading, book)
        accounts = statements.allowed(chart)
        placed = statements.placed(reading, book, first, last)
        gaps = {code: statements.gaps_between(reading, book, code, first, last) for code in accounts}
        screens = shown.between(reading, book, first, last)
        context = {
            "unplaced": placing.unplaced(reading, book),
            "bills": bills.received(reading, book, first, last),
            "screens": screens,
            "pictures": evidence.attachments(reading, book, [one.idx for one in screens]),
            "profiles": profiles.known(reading, book),
            "names": roster.names(reading, book),
            "suggested": _suggested(reading, book, chart),
        }
    return forms.answer(
        "statements/index.html",
        error,
        book=book,
        year=year,
        today=now().date(),
        chart=chart,
        accounts=accounts,
        placed={code: [one for one in placed if one.account == code] for code in accounts},
        gaps=gaps,
        at_form=at_form,
        nothing=_nothing,
        personal=held_files.PERSONAL,
        kind_of=kind_of,
        may_file=actor.may("statement"),
        **context,
    )


def _nothing(_name: str) -> str:
    """Return what a form shows in a field that nobody filled in."""
    return ""


def _suggested(reading: Session, book: str, chart: charts.Chart) -> dict[int, str]:
    """Return, by file, the account in which a statement most likely belongs."""
    bank = chart.named["bank"]
    wallets = {platform.code: platform.wallet for platform in chart.platforms.values()}
    return {
        one.idx: bank if one.kind == "bank_statement" else wallets.get(one.platform, "")
        for one in placing.unplaced(reading, book)
    }
