"""Reconciliation: the accounts of a month and the three-way table; one account, statement beside books.

Every form carries the lines that its page showed; if one is matched by now, nothing is stored (409).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from ledger.book import chart as charts
from ledger.book import (
    entries,
    month,
    periods,
    reconcile,
    reconcile_accounts,
    reconciliation,
    roster,
    statements,
    tracing,
)
from ledger.book.duties import Actor
from ledger.book.masking import mask
from ledger.book.reconcile_lines import BOOK, STATEMENT, Key, Line
from ledger.errors import Invalid, SunbookError
from ledger.months import Month
from ledger.web import forms
from ledger.web.access import current_actor, needs
from ledger.web.desk import now, store
from ledger.web.language import gettext, language
from ledger.words import N_

blueprint = Blueprint("reconcile", __name__, url_prefix="/<book>/reconcile")

LINE = re.compile(r"(statement|book)-([0-9]{1,9})-([0-9]{1,9})", re.ASCII)
SHOWN_MAX = 300
"""Lines of a side, and proposals, that one page shows; the rest follows when these are done."""
GROUPS = {
    "platform": N_("平台 ↔ 账面"),
    "bank": N_("账面 ↔ 监管专户"),
    "charity": N_("账面 ↔ 慈善机构票据"),
}
NOT_YOU = N_("您的角色不能对账；由会计主管办理。")
CLOSED = N_("本月已经结账，对账结果已确认；还没勾对的行请在以后的月份里处理。")


@blueprint.get("/")
@needs("view")
def index(book: str) -> Response:
    """Show the accounts of a month, the three-way table and every broadcast from night to bank."""
    asked = request.args.get("month", "")
    with store().reading() as reading:
        months = entries.months(reading, book)
        period = Month.parse(asked) if asked else months[0] if months else Month.of(now())
        seen = month.view(reading, book, period)
        accounts = reconcile_accounts.accounts(reading, book, period)
        lines = reconciliation.three_way(reading, seen)
        tied = tracing.tie_out(reading, seen)
    return forms.answer(
        "reconcile/index.html",
        book=book,
        month=period,
        months=sorted({*months, period}, reverse=True),
        accounts=accounts,
        lines=lines,
        groups=GROUPS,
        tied=tied,
        titles={item.number: item.title for item in seen.broadcasts},
    )


@blueprint.get("/<account>/<period>")
@needs("view")
def show(book: str, account: str, period: str) -> Response:
    """Show one account: proposals, what is still open on both sides, what is matched, the table."""
    return _page(book, account, Month.parse(period))


@blueprint.post("/<account>/<period>/confirm")
@needs("reconcile")
def confirm(book: str, account: str, period: str) -> Response | AnyResponse:
    """Confirm the ticked proposals, all or none."""
    picks = [_keys(value.split(" ")) for value in request.form.getlist("pick")]

    def act(session: Session, actor: Actor) -> str:
        made = reconcile.match_all(
            session, actor, account=account, month=Month.parse(period), picks=picks, at=now()
        )
        return gettext(N_("已勾对 {count} 组。")).format(count=len(made))

    return _do(book, account, period, act)


@blueprint.post("/<account>/<period>/match")
@needs("reconcile")
def match(book: str, account: str, period: str) -> Response | AnyResponse:
    """Match the lines ticked by hand."""

    def act(session: Session, actor: Actor) -> str:
        reason = forms.text(request.form, "reason", N_("差异原因"), most=forms.LONG, required=False)
        keys = _keys(request.form.getlist("line"))
        reconcile.match(
            session, actor, account=account, month=Month.parse(period), keys=keys, reason=reason, at=now()
        )
        return gettext(N_("已勾对 {count} 行。")).format(count=len(keys))

    return _do(book, account, period, act, "match")


@blueprint.post("/<account>/<period>/judge")
@needs("reconcile")
def judge(book: str, account: str, period: str) -> Response | AnyResponse:
    """Say of the ticked lines what they are."""

    def act(session: Session, actor: Actor) -> str:
        keys = _keys(request.form.getlist("line"))
        state = forms.chosen(request.form, "state", N_("差异性质"), reconcile.JUDGEMENTS)
        said = forms.text(request.form, "said", N_("说明"), most=forms.LONG)
        if not keys:
            raise Invalid(N_("请先勾选要说明的行。"))
        for key in keys:
            reconcile.judge(
                session,
                actor,
                account=account,
                month=Month.parse(period),
                key=key,
                state=state,
                reason=said,
                expected=_expected(),
                at=now(),
            )
        return gettext(N_("已登记 {count} 行的说明。")).format(count=len(keys))

    return _do(book, account, period, act, "judge")


@blueprint.post("/<account>/<period>/undo")
@needs("reconcile")
def undo(book: str, account: str, period: str) -> Response | AnyResponse:
    """Take a match back, with the reason."""

    def act(session: Session, actor: Actor) -> str:
        idx = forms.whole_or_none(request.form, "match", N_("勾对记录"))
        reason = forms.text(request.form, "why", N_("撤销原因"), most=forms.LONG)
        reconcile.undo(session, actor, -1 if idx is None else idx, reason=reason, at=now())
        return gettext(N_("已撤销，原来的勾对记录仍然保存。"))

    return _do(book, account, period, act, "undo")


def _expected() -> date | None:
    typed = request.form.get("expected", "").strip()
    return forms.day(request.form, "expected", N_("预计日期")) if typed else None


def _keys(values: list[str]) -> list[Key]:
    """Read lines as the page names them: `statement-17-3`; raise Invalid for anything else."""
    found: list[Key] = []
    for value in values:
        named = LINE.fullmatch(value)
        if named is None:
            raise Invalid(N_("页面内容不完整，没有勾对；请刷新页面重新勾选。"))
        found.append((named[1], int(named[2]), int(named[3])))
    return found


def _do(
    book: str, account: str, period: str, act: Callable[[Session, Actor], str], at_form: str = ""
) -> Response | AnyResponse:
    """Do something in one transaction; back to the page, or the page again with what was wrong."""
    try:
        with store().transaction(book) as session:
            done = act(session, current_actor(session, book))
    except forms.REFUSED as error:
        return _page(book, account, Month.parse(period), error, at_form)
    flash(done)
    return redirect(url_for("reconcile.show", book=book, account=account, period=period))


def _page(
    book: str, account: str, period: Month, error: SunbookError | None = None, at_form: str = ""
) -> Response:
    """Return the page of an account; `at_form` is the form that was refused."""
    with store().reading() as reading:
        actor = current_actor(reading, book)
        sheet = reconcile.sheet(reading, book, account, period)
        one = reconcile_accounts.account(reading, book, account, period)
        closed = periods.is_closed(reading, book, period)
        shown: dict[str, Any] = {
            "name": charts.current(reading, book).account(account).name,
            "gaps": statements.gaps(reading, book, account, period),
            "names": roster.names(reading, book),
            "months": sorted({*entries.months(reading, book), period}, reverse=True),
        }
    return forms.answer(
        "reconcile/account.html",
        error,
        at_form=at_form,
        book=book,
        account=account,
        month=period,
        sheet=sheet,
        one=one,
        words=_words(sheet),
        columns=((STATEMENT, N_("对账单"), sheet.statement), (BOOK, N_("账面"), sheet.book)),
        most=SHOWN_MAX,
        options=[
            ("", gettext(N_("请选择"))),
            *((code, reconcile.STATES[code].in_(language())) for code in reconcile.JUDGEMENTS),
        ],
        may_undo=actor.may("reconcile"),
        line_id=_line_id,
        party=_party,
        off=gettext(NOT_YOU) if not actor.may("reconcile") else gettext(CLOSED) if closed else "",
        **shown,
    )


def _words(sheet: reconcile.Sheet) -> dict[Key, Any]:
    """Return the newest word on each free line."""
    return {
        line.key: sheet.sides.judged[line.key]
        for line in (*sheet.statement, *sheet.book)
        if line.key in sheet.sides.judged
    }


def _line_id(line: Line) -> str:
    return "-".join(map(str, line.key))


def _party(line: Line) -> str:
    """Return the other side of a statement's line as a page shows it, a person's name masked."""
    return mask(line.party) if line.side == STATEMENT else ""
