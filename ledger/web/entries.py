"""Vouchers: the list with its filters, and one voucher with everything that belongs to it."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import (
    accounts,
    broadcasts,
    browse,
    dossiers,
    entries,
    evidence,
    inbox,
    opening,
    opinions,
    roster,
    rows,
    states,
)
from ledger.book import chart as charts
from ledger.book.duties import CHARITIES, SIGNING_PARTIES, Actor
from ledger.book.masking import mask
from ledger.months import Month
from ledger.store import log
from ledger.store import tables as t
from ledger.store import tables_activity as a
from ledger.store.append_only import table_of
from ledger.web import vouchers
from ledger.web.access import current_actor, needs
from ledger.web.desk import store
from ledger.words import N_, Text

blueprint = Blueprint("entries", __name__, url_prefix="/<book>/entries")

ENTRY, CLAIM = table_of(t.Entry), table_of(a.RowClaim)
ALL = "all"
ROWS = 100
NO_DRAFTING = N_("您的角色不能制单，不能更正凭证。")
NOT_THIS_TYPE = N_("这类凭证由其他岗位制单，请由其更正。")
RED = N_("红字凭证不能再冲销；请另做正确的凭证。")
GONE = N_("这张凭证已经冲销。")
NO_BROADCAST = N_("这类凭证不属于某一场直播。")


@blueprint.get("/")
@needs("view")
def index(book: str) -> str:
    """Show the vouchers of a month, or those looked for; what was chosen stays in the address."""
    given = {
        name: request.args.get(name, "").strip()[:60] for name in ("month", "type", "state", "broadcast", "q")
    }
    with store().reading() as reading:
        months = entries.months(reading, book)
        if not given["month"]:
            given["month"] = ALL if given["broadcast"] or given["q"] else str(months[0]) if months else ALL
        month = "" if given["month"] == ALL else str(Month.parse(given["month"]))
        filters = browse.Filters(month, given["type"], given["state"], given["broadcast"], given["q"])
        page = browse.page(reading, book, filters, number=request.args.get("page", 1, type=int))
        chart = charts.current(reading, book)
        kinds = {code: inbox.type_name(chart, code) for code in browse.types(reading, book)}
        shows = [item.number for item in broadcasts.of_month(reading, book)]
    return render_template(
        "entries/index.html",
        page=page,
        given=given,
        months=months,
        kinds=kinds,
        broadcasts=shows,
        states=states.STATES,
        parties=SIGNING_PARTIES,
    )


@blueprint.get("/<int(max=999999999):idx>/")
@needs("view")
def show(book: str, idx: int) -> str:
    """Show one voucher, or the opening, with its evidence, its trail and what can be done about it."""
    with store().reading() as reading:
        actor = current_actor(reading, book)
        first = opening.get(reading, book)
        if first is not None and first.idx == idx:
            page, shown = "entries/opening.html", _opening(reading, actor, first)
        else:
            page, shown = "entries/show.html", _voucher(reading, actor, entries.get(reading, book, idx))
    return render_template(page, **shown)


@blueprint.get("/<int(max=999999999):idx>/rows")
@needs("view")
def source_rows(book: str, idx: int) -> str:
    """Show the rows of the received file on which a voucher stands, a hundred at a time."""
    with store().reading() as reading:
        entry = entries.get(reading, book, idx)
        shown = _rows(reading, book, idx, number=request.args.get("page", 1, type=int))
    return render_template("entries/rows.html", entry=entry, **shown)


def _voucher(reading: Session, actor: Actor, entry: entries.Entry) -> dict[str, Any]:
    """Return what the page of a voucher shows."""
    book, idx = actor.book, entry.idx
    chart = charts.current(reading, book)
    files = evidence.attachments(reading, book, [idx]).get(idx, [])
    voucher = vouchers.of_entry(chart, entry, entries.lines(reading, book, [idx]).get(idx, ()), files)
    kind = chart.types.get(entry.type)
    private = {fact.label for fact in kind.facts if fact.private} if kind else set()
    standing = states.standings(reading, book, [idx])[idx]
    return {
        **_trail(reading, actor, idx, standing),
        "entry": entry,
        "voucher": voucher,
        "lines": [(line, *ledger_and_detail(line.name)) for line in voucher.lines],
        "facts": [
            (label, value, masked(value) if label in private else None) for label, value in voucher.facts
        ],
        "files": files,
        "added": evidence.added(reading, book, [idx]).get(idx, []),
        "may_add": actor.may("upload"),
        "rows": _claimed(reading, book, idx),
        "broadcast": broadcasts.get(reading, book, entry.broadcast) if entry.broadcast else None,
        "told": [
            night
            for night in dossiers.told(reading, book, [entry.broadcast])[entry.broadcast]
            if entry.account in (None, night.account)
        ]
        if entry.broadcast
        else [],
        "account": accounts.get(reading, book, entry.account) if entry.account else None,
        "related": _related(reading, book, entry),
        "off": why_not_correct(actor, kind, entry, undone=standing.reversed_by is not None),
    }


def _opening(reading: Session, actor: Actor, first: t.Opening) -> dict[str, Any]:
    """Return what the page of the opening shows."""
    chart = charts.current(reading, actor.book)
    standing = states.standings(reading, actor.book, [first.idx])[first.idx]
    return {
        **_trail(reading, actor, first.idx, standing),
        "opening": first,
        "lines": {part: opening.lines(reading, actor.book, part) for part in ("balance", "item", "year")},
        "accounts": {code: account.name for code, account in chart.accounts.items()},
        "files": evidence.attachments(reading, actor.book, [first.idx]).get(first.idx, []),
    }


def _trail(reading: Session, actor: Actor, idx: int, standing: states.Standing) -> dict[str, Any]:
    """Return who did what about a record, and where it stands in the log."""
    return {
        "book_name": roster.parties(reading, actor.book).get("operator", Text("", "")),
        "parties": roster.parties(reading, actor.book),
        "names": roster.names(reading, actor.book),
        "standing": standing,
        "spoken": opinions.spoken(reading, actor.book, [idx]).get(idx, []),
        "parts": opinions.PARTS,
        "record": log.get(reading, actor.book, idx),
        "may_reply": actor.may("reply"),
    }


def ledger_and_detail(name: Text) -> tuple[Text, Text]:
    """Split an account's name into 总账科目 and 明细科目, at `—` in Chinese and `: ` in English."""
    zh, _, zh_rest = name.zh.partition("—")
    en, _, en_rest = name.en.partition(": ")
    return Text(zh, en), Text(zh_rest, en_rest)


def masked(value: str | int | None) -> str:
    """Return a private value as the page shows it until somebody asks; an institution's name stays."""
    return "" if value is None else mask(str(value))


def _claimed(reading: Session, book: str, idx: int) -> int:
    query = select(CLAIM.c.first, CLAIM.c.last).where(CLAIM.c.book_id == book, CLAIM.c.idx == idx)
    return sum(last - first + 1 for first, last in reading.connection().execute(query))


def _rows(reading: Session, book: str, idx: int, *, number: int) -> dict[str, Any]:
    """Return one page of the rows under a voucher."""
    query = select(CLAIM.c.file_idx, CLAIM.c.first, CLAIM.c.last).where(
        CLAIM.c.book_id == book, CLAIM.c.idx == idx
    )
    claims = reading.connection().execute(query.order_by(CLAIM.c.first)).all()
    numbers = [n for claim in claims for n in range(claim.first, claim.last + 1)]
    pages = max(1, -(-len(numbers) // ROWS))
    shown = min(max(number, 1), pages)
    spans = rows.ranges(numbers[(shown - 1) * ROWS : shown * ROWS])
    file = reading.get(a.SourceFile, (book, claims[0].file_idx, 0)) if claims else None
    return {
        "file": file,
        "header": json.loads(file.header) if file else [],
        "cells": rows.cells_of(reading, book, file.idx, spans, limit=ROWS) if file else [],
        "count": len(numbers),
        "number": shown,
        "pages": pages,
    }


def _related(reading: Session, book: str, entry: entries.Entry) -> list[tuple[str, int, str, str]]:
    """Return the vouchers that this one undoes or corrects, or the reverse: (how, record, number, date)."""
    columns = (ENTRY.c.idx, ENTRY.c.number, ENTRY.c.date, ENTRY.c.reverses, ENTRY.c.corrects)
    own = [found for found in (entry.reverses, entry.corrects) if found is not None]
    query = select(*columns).where(
        ENTRY.c.book_id == book,
        ENTRY.c.idx.in_(own) | (ENTRY.c.reverses == entry.idx) | (ENTRY.c.corrects == entry.idx),
    )
    found = []
    for row in reading.connection().execute(query.order_by(ENTRY.c.idx)):
        if row.reverses == entry.idx:
            how = N_("已被这张红字凭证冲销")
        elif row.corrects == entry.idx:
            how = N_("已由这张凭证更正")
        else:
            how = N_("冲销的是这张凭证") if row.idx == entry.reverses else N_("更正的是这张凭证")
        found.append((how, row.idx, row.number, row.date))
    return found


def why_not_correct(
    actor: Actor, kind: charts.EntryType | None, entry: entries.Entry, *, undone: bool
) -> dict[str, str]:
    """Return, for each kind of correction, why this person cannot start it; empty where he or she can."""
    reason = ""
    if not actor.may("draft"):
        reason = NO_DRAFTING
    elif entry.type == charts.REVERSAL:
        reason = RED
    elif undone:
        reason = GONE
    foreign = kind is None or actor.role not in kind.drafters
    foreign = foreign or (actor.party in CHARITIES and entry.charity != actor.party)
    replacing = reason or (NOT_THIS_TYPE if foreign else "")
    moving = replacing or (NO_BROADCAST if kind is None or kind.broadcast == "none" else "")
    return {"amount": replacing, "broadcast": moving, "cancel": reason}
