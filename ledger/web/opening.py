"""The opening of a book: shown for ever, entered once by the accountant."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from ledger.book import chart as charts
from ledger.book import drafts, evidence, opening, roster, states
from ledger.book.chart import Account, Chart
from ledger.errors import SunbookError
from ledger.months import Month
from ledger.web import forms
from ledger.web.access import current_actor, needs
from ledger.web.desk import now, store
from ledger.web.language import gettext
from ledger.words import N_, Text

blueprint = Blueprint("opening", __name__, url_prefix="/<book>/opening")

CREDIT_SIDE = ("liability", "fund", "income")
"""Types whose balance is naturally a credit: a person enters it as a positive figure."""

FLOWS = {
    "withdrawn": Text("已提现至主播个人卡（税前）", "withdrawn to the streamer's card (gross)"),
    "handed_over": Text("主播已上缴监管专户", "handed over to the special account"),
}
ITEMS = 6
"""Rows for open items on the form."""


@blueprint.get("/")
@needs("view")
def show(book: str) -> Response:
    """Show the opening, or the form for it."""
    return _page(book)


@blueprint.post("/")
@needs("opening")
def create(book: str) -> Response | AnyResponse:
    """Draft the opening for a second person."""
    try:
        with store().reading() as reading:
            chart = charts.current(reading, book)
        facts, proof = _facts(chart), forms.uploads(request.files, "proof")
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            body = opening.compose(session, actor, attachments=forms.attach(session, actor, proof), **facts)
            made = drafts.prepare(session, actor, kind="opening", payload={"opening": body}, at=now())
    except forms.REFUSED as error:
        return _page(book, error)
    flash(gettext(N_("期初已生成草稿，请交由另一人审核。")))
    return redirect(url_for("drafts.show", book=book, draft=made.draft))


def natural(account: Account | None, fen: int) -> int:
    """Return a debit-positive amount as a person reads it: on the account's own side it is positive."""
    return -fen if account is not None and account.type in CREDIT_SIDE else fen


def _facts(chart: Chart) -> dict[str, Any]:
    """Read the form; amounts become debit positive."""
    given = request.form
    period = Month.parse(forms.text(given, "period", N_("启用月份")))
    return {
        "period": period,
        "balances": _amounts("balance", {code: chart.accounts[code] for code in _codes(chart, balance=True)}),
        "items": tuple(_items(chart)),
        "year": _amounts(
            "year", {code: chart.accounts[code] for code in _codes(chart, balance=False)} | _flows()
        ),
    }


def _flows() -> dict[str, Account]:
    """Return the flows in the shape of accounts: they are entered as positive figures."""
    return {name: Account(name, words, "asset") for name, words in FLOWS.items()}


def _amounts(part: str, accounts: dict[str, Account]) -> dict[str, int]:
    """Read one amount per account, those left empty and zeros left out."""
    found = {}
    for code, account in accounts.items():
        value = forms.fen_or_none(request.form, f"{part}-{code}", account.name, negative=True)
        if value:
            found[code] = natural(account, value)
    return found


def _items(chart: Chart) -> list[tuple[str, int, date, str]]:
    """Read the open items: account, amount, since when, what it is."""
    given, found = request.form, []
    for row in range(ITEMS):
        code = given.get(f"item-account-{row}", "").strip()
        if not code:
            continue
        account = chart.account(code)
        found.append(
            (
                code,
                natural(account, forms.fen(given, f"item-fen-{row}", N_("未决事项金额"), negative=True)),
                forms.day(given, f"item-since-{row}", N_("未决事项起始日期")),
                forms.text(given, f"item-detail-{row}", N_("未决事项说明")),
            )
        )
    return found


def _codes(chart: Chart, *, balance: bool) -> list[str]:
    """Return the accounts that carry a balance, or those of income and expense."""
    return [
        code for code, item in chart.accounts.items() if (item.type not in ("income", "expense")) == balance
    ]


def _page(book: str, error: SunbookError | None = None) -> Response:
    with store().reading() as reading:
        actor = current_actor(reading, book)
        chart = charts.current(reading, book)
        found = opening.get(reading, book)
        shown = _recorded(reading, book, found.idx) if found is not None else {}
        waiting = [draft for draft in drafts.waiting(reading, book) if draft.kind == "opening"]
    return forms.answer(
        "opening/show.html" if found is not None else "opening/form.html",
        error,
        book=book,
        opening=found,
        chart=chart,
        natural=natural,
        balance_codes=_codes(chart, balance=True),
        year_codes=_codes(chart, balance=False),
        flows=FLOWS,
        items=range(ITEMS),
        drafts=waiting,
        month=Month.of(now()),
        off="" if actor.may("opening") else gettext(N_("期初余额由会计主管登记。")),
        **shown,
    )


def _recorded(reading: Session, book: str, idx: int) -> dict[str, Any]:
    """Return what a recorded opening shows."""
    return {
        "balances": opening.lines(reading, book, "balance"),
        "open_items": opening.lines(reading, book, "item"),
        "year": opening.lines(reading, book, "year"),
        "proof": evidence.attachments(reading, book, [idx]).get(idx, []),
        "state": states.standings(reading, book, [idx])[idx].state,
        "names": roster.names(reading, book),
    }
