"""Exceptions first: what a reviewer opens in the morning, the most serious on top, and the form to answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, flash, redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from ledger.book import entries, evidence, findings, outcomes, periods
from ledger.book.duties import Actor
from ledger.book.findings import Item
from ledger.book.scene import SEVERITIES
from ledger.errors import Problem, SunbookError
from ledger.months import Month
from ledger.store import tables as t
from ledger.web import forms
from ledger.web.access import current_actor, needs
from ledger.web.desk import now, store
from ledger.web.language import gettext, language
from ledger.words import N_

blueprint = Blueprint("exceptions", __name__, url_prefix="/<book>/exceptions")

NAMES = {"high": N_("重要"), "middle": N_("一般"), "low": N_("提示")}
STATES = {"open": N_("未处理"), "settled": N_("已处理")}
FILTERS = ("month", "severity", "state")
RECORDS_MAX = 6
"""Evidence and records of one finding that the page shows; the rest is on the page that it links to."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding as the page shows it: the sentence, where to look, its evidence, and why one cannot answer it."""

    item: Item
    sentence: str
    link: str
    files: tuple[t.Attachment, ...]
    records: tuple[int, ...]
    off: str


@blueprint.get("/")
@needs("view")
def index(book: str) -> Response:
    """Show today's findings of the open months, or those of one month; the filters stay in the address."""
    return _page(book)


@blueprint.post("/settle")
@needs("explain")
def settle(book: str) -> Response | AnyResponse:
    """Record what came of a finding, bound to the facts that the page showed."""
    try:
        outcome = forms.chosen(request.form, "outcome", N_("处理结果"), outcomes.OUTCOMES)
        text = forms.text(request.form, "text", N_("处理情况"), most=outcomes.TEXT_MAX)
        month = Month.parse(request.form.get("month", ""))
        with store().transaction(book) as session:
            outcomes.settle(
                session,
                current_actor(session, book),
                request.form.get("rule", ""),
                request.form.get("subject", ""),
                request.form.get("facts", ""),
                outcome,
                text,
                now(),
                month=month,
            )
    except forms.REFUSED as error:
        return _page(book, error)
    flash(gettext(N_("已记入账本。事实如有变化，这条异常会重新出现。")))
    kept = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    return redirect(f"/{book}/exceptions/" + (f"?{urlencode(kept)}" if kept else ""))


def _page(book: str, error: SunbookError | None = None) -> Response:
    """Return the page, after an error with the answer that was being written."""
    given = {name: request.args.get(name, "").strip()[:10] for name in FILTERS}
    with store().reading() as reading:
        actor = current_actor(reading, book)
        months = sorted({*entries.months(reading, book), *findings.open_months(reading, book)}, reverse=True)
        closed = periods.last_closed(reading, book)
        day = now().date()
        every = (
            findings.of_month(reading, book, Month.parse(given["month"]), day)
            if given["month"]
            else findings.today(reading, book, day)
        )
        chosen = [item for item in every if given["severity"] in ("", item.severity)]
        shown = _shown(reading, actor, chosen)
    return forms.answer(
        "exceptions/index.html",
        error,
        open=[one for one in shown if one.item.open] if given["state"] != "settled" else [],
        settled=[one for one in shown if not one.item.open] if given["state"] != "open" else [],
        counts=Counter(item.severity for item in every if item.open),
        given=given,
        kept={name: value for name, value in given.items() if value},
        months=months,
        closed=closed,
        severities=SEVERITIES,
        names=NAMES,
        states=STATES,
        outcomes=outcomes.OUTCOMES,
        choices=[
            ("", gettext(N_("请选择"))),
            *((c, n.in_(language())) for c, n in outcomes.OUTCOMES.items()),
        ],
        may_look=actor.may("verify"),
        about=(request.form.get("rule"), request.form.get("subject")),
    )


def _shown(reading: Session, actor: Actor, items: list[Item]) -> list[Shown]:
    """Return findings with their evidence, read at once for all of them."""
    records = sorted({record for item in items for record in item.found.records[:RECORDS_MAX]})
    files = evidence.attachments(reading, actor.book, records)
    found = []
    for item in items:
        mine = item.found.records[:RECORDS_MAX]
        values = {name: gettext(value) for name, value in item.found.values}
        found.append(
            Shown(
                item,
                Problem(item.found.message, values=dict(values)).text(language()),
                _link(actor, item.found.link, mine),
                tuple(file for record in mine for file in files.get(record, ())),
                mine,
                _off(actor, item),
            )
        )
    return found


def _link(actor: Actor, link: str, records: tuple[int, ...]) -> str:
    """Return the page to look at; a received file opens only to those who import or post, its record to all others."""
    if link.startswith("imports/") and not (actor.may("import") or actor.may("post")):
        link = f"log/{records[-1]}/" if records else ""
    return f"/{actor.book}/{link}" if link else ""


def _off(actor: Actor, item: Item) -> str:
    """Return why this person cannot answer a finding, empty if he or she can."""
    if not actor.may("explain"):
        return gettext(N_("由运营单位或慈善机构经办说明。"))
    return gettext(outcomes.ABOUT_YOU) if actor.person in item.found.persons else ""
