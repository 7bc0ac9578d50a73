"""The chart of accounts and the entry types as a table a person can read; adopting the newer one that was delivered."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ledger.book import chart as charts
from ledger.book import chart_adoption
from ledger.book.duties import ROLES
from ledger.errors import Conflict, SunbookError
from ledger.web import forms
from ledger.web.access import current_actor, needs
from ledger.web.desk import now, store
from ledger.web.language import gettext
from ledger.web.registers import TABS
from ledger.words import N_

blueprint = Blueprint("charts", __name__, url_prefix="/<book>/registers/chart")

TYPES = {
    "asset": N_("资产"),
    "liability": N_("负债"),
    "fund": N_("净资产"),
    "income": N_("收入"),
    "expense": N_("费用"),
}
PLACES = {
    "platform.awaiting": N_("该平台待结算"),
    "platform.wallet": N_("该平台可提现余额"),
    "own.advance": N_("该机构拨付待核销"),
    "own.fund": N_("该机构项目基金"),
    "own.cost": N_("该机构项目成本"),
}
NOT_ADOPT = N_("由安全管理员采用。")


@blueprint.get("")
@needs("view", "policy")
def index(book: str) -> Response:
    """Show the chart that the book has adopted."""
    return _page(book)


@blueprint.post("")
@needs("policy")
def adopt(book: str) -> Response | AnyResponse:
    """Adopt the packaged chart of the version that the page offered."""
    try:
        packaged = charts.packaged()
        if request.form.get("version") != packaged["version"]:
            raise Conflict(N_("页面上的版本已经过时，请刷新页面。"))
        with store().transaction(book) as session:
            chart_adoption.adopt(session, current_actor(session, book), packaged, at=now())
    except forms.REFUSED as error:
        return _page(book, error)
    flash(gettext(N_("已采用科目表 {version}。")).format(version=packaged["version"]))
    return redirect(url_for("charts.index", book=book))


def _page(book: str, error: SunbookError | None = None) -> Response:
    with store().reading() as reading:
        actor = current_actor(reading, book)
        chart = charts.current(reading, book)
    kinds = [
        (kind, [(dc, _account(chart, place), amount) for dc, place, amount in kind.lines])
        for kind in sorted(chart.types.values(), key=lambda kind: (kind.group, kind.code))
        if kind.lines
    ]
    return forms.answer(
        "registers/chart.html",
        error,
        book=book,
        tabs=TABS if actor.may("view") else {"chart": TABS["chart"]},
        place="chart",
        chart=chart,
        kinds=kinds,
        types=TYPES,
        roles=ROLES,
        newer=chart_adoption.newer(chart),
        off="" if actor.may("policy") else gettext(NOT_ADOPT),
    )


def _account(chart: charts.Chart, place: str) -> tuple[str, object]:
    """Return (code, name) of a place in a template; a place that depends on the entry has no code."""
    if place in PLACES:
        return "", PLACES[place]
    owner, _, name = place.partition(".")
    code = chart.charities[owner][name] if name else chart.named[place]
    return code, chart.account(code).name
