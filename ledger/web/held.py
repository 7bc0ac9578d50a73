"""The pages between upload and record: map the columns, tick the rows, type the balances; or give up."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ledger import intake
from ledger.book import bills, held, profiles
from ledger.book import chart as charts
from ledger.book.held import Held
from ledger.errors import SunbookError
from ledger.intake import Mapping, Settlement, Sheet, mapping
from ledger.intake.bank_cells import DATES
from ledger.web import forms, held_files
from ledger.web.access import current_actor, needs
from ledger.web.desk import now, store
from ledger.web.held_files import Stage
from ledger.web.language import gettext
from ledger.words import N_

blueprint = Blueprint("held", __name__, url_prefix="/<book>/reconcile/statements/held/<token>")

WORDS = re.compile(r"[、,，;；\s]+")
"""Between the words of a direction, as people type them."""
DIGITS = re.compile(r"[0-9]{1,4}", re.ASCII)


@blueprint.before_request
def sweep() -> None:
    """Delete files that waited too long, whoever comes by."""
    held_files.sweep(str((request.view_args or {}).get("book", "")))


@blueprint.get("")
@needs("statement")
def show(book: str, token: str) -> Response | AnyResponse:
    """Ask what is still missing about a file."""
    return _page(book, _held(book, token))


@blueprint.post("/columns")
@needs("statement")
def columns(book: str, token: str) -> Response | AnyResponse:
    """Read the file by the mapping that was chosen; save the mapping if it can be read."""
    waiting = _held(book, token)
    found = held_files.stage(book, waiting.data, waiting.name, {**waiting.options, "remap": True})
    if found.sheet is None:
        return redirect(url_for("held.show", book=book, token=token))
    try:
        name = forms.text(request.form, "bank", N_("银行或账户名称"))
        chosen = _mapping(found.sheet)
        settlement = intake.read(waiting.data, waiting.name, mapping=chosen)
        after = held_files.read_stage(settlement, waiting.options)
        idx, again = -1, ""
        with store().transaction(book) as session:
            actor, at = current_actor(session, book), now()
            profiles.save(
                session, actor, fingerprint=settlement.fingerprint, name=name, columns=chosen, at=at
            )
            held.drop(session, actor, token)
            if after.name == "ready":
                idx = held_files.file(session, actor, waiting.data, waiting.name, settlement, waiting.options)
            else:
                rest = {**waiting.options, "remap": False}
                again = held.keep(session, actor, waiting.data, waiting.name, options=rest, at=at)
    except forms.REFUSED as error:
        return _page(book, waiting, error, found)
    flash(gettext(N_("列对应已保存，这家银行以后的对账单会直接读入。")))
    if again:
        return redirect(url_for("held.show", book=book, token=again))
    return held_files.done(book, idx, settlement, waiting.options)


@blueprint.post("/rows")
@needs("statement")
def rows(book: str, token: str) -> Response | AnyResponse:
    """Keep the ticked rows of a personal bill, and of the others only the salted leaves."""
    waiting = _held(book, token)
    found = _stage(book, waiting)
    try:
        if found.settlement is None or found.name != "tick":
            raise forms.BadField(N_("请先对应各列。"))
        ticked = {int(one) for one in request.form.getlist("row") if DIGITS.fullmatch(one)}
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            record = bills.receive(session, actor, waiting.data, found.settlement, ticked, at=now())
            held.drop(session, actor, token)
    except forms.REFUSED as error:
        return _page(book, waiting, error, found)
    flash(gettext(N_("已登记勾选的行；其余各行只留加盐摘要，原文件没有保存。")))
    return redirect(url_for("statements.bill", book=book, file=record.index))


@blueprint.post("/figures")
@needs("statement")
def figures(book: str, token: str) -> Response | AnyResponse:
    """Take in a file without a balance column, with the balances that the screen shows."""
    waiting = _held(book, token)
    found = _stage(book, waiting)
    try:
        if found.settlement is None:
            raise forms.BadField(N_("请先对应各列。"))
        given = request.form
        typed = {
            "opening": forms.fen(given, "opening", N_("期初余额"), negative=True),
            "closing": forms.fen(given, "closing", N_("期末余额"), negative=True),
        }
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            idx = held_files.file(
                session, actor, waiting.data, waiting.name, found.settlement, {**waiting.options, **typed}
            )
            held.drop(session, actor, token)
    except forms.REFUSED as error:
        return _page(book, waiting, error, found)
    return held_files.done(book, idx, found.settlement, waiting.options)


@blueprint.post("/drop")
@needs("statement")
def drop(book: str, token: str) -> AnyResponse:
    """Give a file up: it is deleted."""
    with store().transaction(book) as session:
        held.drop(session, current_actor(session, book), token)
    flash(gettext(N_("文件已删除，什么都没有登记。")))
    return redirect(url_for("statements.index", book=book))


def _held(book: str, token: str) -> Held:
    with store().reading() as reading:
        return held.get(reading, current_actor(reading, book), token, at=now())


def _stage(book: str, waiting: Held) -> Stage:
    return held_files.stage(book, waiting.data, waiting.name, waiting.options)


def _mapping(sheet: Sheet) -> Mapping:
    """Return what the form says of each column; a column is named by its place in the header."""
    given = request.form
    places = {str(at): title for at, title in enumerate(sheet.header) if title.strip()}
    chosen: dict[str, Any] = {
        role: places.get(forms.chosen(given, role, label, places, required=False), "").strip("\t ")
        for role, label in mapping.ROLES.items()
    }
    into, out = (
        tuple(filter(None, WORDS.split(forms.text(given, name, label, required=False))))
        for name, label in (("in_words", N_("表示收入的字")), ("out_words", N_("表示支出的字")))
    )
    written = forms.chosen(given, "dates", N_("日期写法"), tuple(DATES))
    return replace(Mapping(in_words=into, out_words=out, dates=written), **chosen)


def _page(
    book: str, waiting: Held, error: SunbookError | None = None, found: Stage | None = None
) -> Response | AnyResponse:
    """Return the page of the stage at which a file is."""
    found = found or _stage(book, waiting)
    error = error or found.wrong
    if found.sheet is not None:
        return forms.answer("statements/columns.html", error, **_columns(book, waiting, found, found.sheet))
    if found.settlement is None or found.name == "ready":  # somebody mapped the same header meanwhile
        flash(gettext(N_("这家银行的列刚刚已由别人对应好，请重新上传这份文件。")), "note")
        return redirect(url_for("statements.index", book=book))
    context: dict[str, Any] = {"book": book, "token": waiting.token, "file": waiting.name}
    if found.name == "tick":
        with store().reading() as reading:
            listed = bills.candidates(reading, book, found.settlement)
        return forms.answer("statements/ticks.html", error, rows=listed, **context)
    with store().reading() as reading:
        account = charts.current(reading, book).account(waiting.options["account"])
    return forms.answer(
        "statements/figures.html", error, account=account, **_moved(found.settlement), **context
    )


def _columns(book: str, waiting: Held, found: Stage, sheet: Sheet) -> dict[str, Any]:
    """Return what the page of the columns shows: header, sample rows, and what each select begins with."""
    start = sheet.suggestion if found.profile is None else found.profile.mapping
    keys = {title.strip("\t "): str(at) for at, title in enumerate(sheet.header) if title.strip()}
    before = {role: keys.get(getattr(start, role, ""), "") for role in mapping.ROLES}
    words = {name: "、".join(getattr(start, name, ())) for name in ("in_words", "out_words")}
    return {
        "book": book,
        "token": waiting.token,
        "file": waiting.name,
        "sheet": sheet,
        "choices": [("", "—"), *((at, title) for title, at in keys.items())],
        "roles": mapping.ROLES,
        "before": {**before, **words, "dates": getattr(start, "dates", "")},
        "dates": [(form, form) for form in DATES],
        "bank": "" if found.profile is None else found.profile.name,
        "guessed": start is not None,
    }


def _moved(settlement: Settlement) -> dict[str, Any]:
    """Return count and sums of what came in and went out."""
    sums = {
        way: sum(row.amount_fen for row in settlement.rows if row.kind.endswith(f"_{way}"))
        for way in ("in", "out")
    }
    return {"count": len(settlement.rows), "into_fen": sums["in"], "out_fen": sums["out"]}
