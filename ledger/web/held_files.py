"""What becomes of an uploaded statement: taken in at once, or held until what is missing has been said.

A held file's stage is found anew from its bytes each time, so nothing about it
is stored but the file itself and what was chosen with it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from ledger import intake
from ledger.book import bills, held, imports, placing, profiles
from ledger.book.duties import Actor
from ledger.book.profiles import Profile
from ledger.errors import Conflict, Invalid
from ledger.intake import Settlement, Sheet
from ledger.months import CHINA, Month
from ledger.web import forms
from ledger.web.access import current_actor
from ledger.web.desk import now, store
from ledger.web.language import gettext, language
from ledger.words import N_

PERSONAL = "personal"
"""Chosen instead of an account: this is the streamer's own card or wallet."""
NOTICES_MAX = 5


@dataclass(frozen=True, slots=True)
class Stage:
    """What must be asked about a file next: `map`, `tick`, `figures`, or `ready`.

    `sheet` and `profile` go with `map`, `wrong` is why the saved mapping does not do.
    """

    name: str
    settlement: Settlement | None = None
    sheet: Sheet | None = None
    profile: Profile | None = None
    wrong: Invalid | None = None


def sweep(book: str) -> None:
    """Delete the files of a book that waited too long."""
    with store().reading() as reading:
        found = held.stale(reading, book, at=now())
    if found:
        with store().transaction(book) as session:
            held.sweep(session, book, at=now())


def options(accounts: Collection[str], *, personal: bool = True) -> dict[str, Any]:
    """Return what the form says beside the file, each value checked: account, days, balances as typed."""
    given = request.form
    choices = [*accounts, PERSONAL] if personal else accounts
    found: dict[str, Any] = {"account": forms.chosen(given, "account", N_("账户"), choices)}
    for name, label in (("first_day", N_("期间起")), ("last_day", N_("期间止"))):
        typed = given.get(name, "").strip()
        found[name] = forms.day(given, name, label).isoformat() if typed else ""
    for name, label in (("opening", N_("期初余额")), ("closing", N_("期末余额"))):
        found[name] = forms.fen_or_none(given, name, label, negative=True)
    found["remap"] = "remap" in given
    return found


def placement(chosen: dict[str, Any]) -> dict[str, Any]:
    """Return what was chosen as `placing.place` takes it."""
    days = {
        name: date.fromisoformat(chosen[name]) if chosen[name] else None for name in ("first_day", "last_day")
    }
    return {
        "account": chosen["account"],
        "opening_fen": chosen["opening"],
        "closing_fen": chosen["closing"],
        **days,
    }


def stage(book: str, data: bytes, name: str, chosen: dict[str, Any]) -> Stage:
    """Read a file as far as it is known how; raise Unreadable or Invalid where nothing can be asked."""
    sheets = intake.preview(data, name)
    profile = None
    if sheets and not any(sheet.readers for sheet in sheets):
        sheet = max(sheets, key=lambda one: (one.suggestion is not None, len(one.samples)))
        with store().reading() as reading:
            found = [(one, profiles.find(reading, book, one.fingerprint)) for one in sheets]
        sheet, profile = next(((one, saved) for one, saved in found if saved), (sheet, None))
        if profile is None or chosen["remap"]:
            return Stage("map", sheet=sheet, profile=profile)
        try:
            settlement = intake.read(data, name, reader=profile.reader)
        except Invalid as error:
            return Stage("map", sheet=sheet, profile=profile, wrong=error)
    else:
        settlement = intake.read(data, name)
    return read_stage(settlement, chosen)


def read_stage(settlement: Settlement, chosen: dict[str, Any]) -> Stage:
    """Return what must still be asked about a file that was read."""
    if chosen["account"] == PERSONAL or settlement.kind == imports.PERSONAL:
        if settlement.kind not in (*placing.KINDS, imports.PERSONAL):
            raise _no_statement()
        bills.check_size(settlement)
        return Stage("tick", settlement)
    if settlement.kind not in placing.KINDS:
        raise _no_statement()
    has_balance = any(row.balance_fen is not None for row in settlement.rows)
    typed = chosen["opening"] is not None and chosen["closing"] is not None
    return Stage("ready" if has_balance or typed else "figures", settlement)


def _no_statement() -> Invalid:
    return Invalid(N_("这份文件不是账户流水：打赏登记表和订单明细请到“导入”页面上传。"))


def take_in(book: str, data: bytes, name: str, chosen: dict[str, Any]) -> AnyResponse:
    """Take in an uploaded file, or hold it and lead to the page that asks."""
    found = stage(book, data, name, chosen)
    if found.name == "ready" and found.settlement is not None:
        with store().transaction(book) as session:
            idx = file(session, current_actor(session, book), data, name, found.settlement, chosen)
        return done(book, idx, found.settlement, chosen)
    with store().transaction(book) as session:
        token = held.keep(session, current_actor(session, book), data, name, options=chosen, at=now())
    return redirect(url_for("held.show", book=book, token=token))


def file(
    session: Session, actor: Actor, data: bytes, name: str, settlement: Settlement, chosen: dict[str, Any]
) -> int:
    """Receive a statement and place it in its account, in one transaction; return the file's record index."""
    idx, fresh = imports.receive(session, actor, data, name, settlement, at=now())
    if not fresh and placing.is_placed(session, actor.book, idx):
        raise Conflict(N_("这份文件以前已经登记为对账单，没有重复登记。"))
    placing.place(session, actor, idx, **placement(chosen), at=now())
    return idx


def done(book: str, idx: int, settlement: Settlement, chosen: dict[str, Any]) -> AnyResponse:
    """Lead to the statement, with what is worth knowing about its file and its period."""
    for notice in settlement.notices[:NOTICES_MAX]:
        flash((f"{notice.row}: " if notice.row else "") + notice.text(language()), "wait")
    last = settlement.last_at.astimezone(CHINA).date()
    if not chosen["last_day"] and last != Month.of(last).last_day:
        said = N_(
            "对账单只登记到 {last}（最后一行）。导出时如果选到了更晚的日期，请作废这份文件，重新上传并填写期间，"
            "否则不能核对月末余额。"
        )
        flash(gettext(said).format(last=f"{last}"), "wait")
    flash(gettext(N_("对账单已登记。")))
    return redirect(url_for("statements.show", book=book, file=idx))
