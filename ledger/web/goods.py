"""Whose goods were sold, what promotion cost whom, and events on other people's accounts."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ledger.book import broadcasts, evidence, goods
from ledger.book import chart as charts
from ledger.book import events as outside
from ledger.book.masking import mask
from ledger.errors import SunbookError
from ledger.web import forms, percents
from ledger.web.access import current_actor, needs
from ledger.web.desk import now, store
from ledger.web.language import gettext
from ledger.web.registers import NOT_REGISTER, TABS
from ledger.words import N_

blueprint = Blueprint("goods", __name__, url_prefix="/<book>/registers")

NO_INCOME_TYPE = N_("账本采用的科目表还没有“他方账号活动收入”；请安全管理员在“科目表”采用新版。")
NOT_INCOME = N_("您的角色不能填制这种凭证。")


@blueprint.get("/goods")
@needs("view")
def index(book: str) -> Response:
    """Show goods and costs."""
    return _goods(book)


@blueprint.post("/goods")
@needs("register")
def choose(book: str) -> Response | AnyResponse:
    """Record whose goods a broadcast sells."""
    form = request.form
    try:
        new = goods.NewGoods(
            broadcast=forms.text(form, "broadcast", N_("直播场次")),
            goods=forms.text(form, "goods", N_("商品")),
            seller=forms.text(form, "seller", N_("商家")),
            relation=forms.chosen(form, "relation", N_("主播与商家的关系"), goods.RELATIONS),
            detail=forms.text(form, "detail", N_("关联说明"), most=forms.LONG, required=False),
            slot_fee_fen=forms.fen(form, "slot_fee", N_("坑位费")),
            commission_bp=percents.ten_thousandths(form, "commission", N_("佣金率")),
        )
        files = forms.uploads(request.files, "document")
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            attached = forms.attach(session, actor, files)
            goods.select_goods(session, actor, new, attachments=attached, at=now())
    except forms.REFUSED as error:
        return _goods(book, error, "goods")
    flash(gettext(N_("选品已登记。")))
    return redirect(url_for("goods.index", book=book))


@blueprint.post("/costs")
@needs("register")
def bear(book: str) -> Response | AnyResponse:
    """Record a promotion or sample cost."""
    form = request.form
    try:
        new = goods.NewCost(
            day=forms.day(form, "day", N_("日期")),
            broadcast=forms.text(form, "broadcast", N_("直播场次"), required=False),
            what=forms.chosen(form, "what", N_("费用种类"), goods.WHAT),
            detail=forms.text(form, "detail", N_("内容")),
            amount_fen=forms.fen(form, "amount", N_("金额")),
            bearer=forms.chosen(form, "bearer", N_("承担方"), goods.BEARERS),
        )
        files = forms.uploads(request.files, "document")
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            attached = forms.attach(session, actor, files)
            goods.bear_cost(session, actor, new, attachments=attached, at=now())
    except forms.REFUSED as error:
        return _goods(book, error, "cost")
    flash(gettext(N_("费用已登记。")))
    return redirect(url_for("goods.index", book=book))


def _goods(book: str, error: SunbookError | None = None, at_form: str = "") -> Response:
    with store().reading() as reading:
        actor = current_actor(reading, book)
        selected, borne = goods.selected(reading, book), goods.borne(reading, book)
        documents = evidence.attachments(
            reading, book, [*(row.idx for row in selected), *(row.idx for row in borne)]
        )
        shown = broadcasts.of_month(reading, book)[::-1]
    return forms.answer(
        "registers/goods.html",
        error,
        at_form=at_form,
        book=book,
        tabs=TABS,
        place="goods",
        selected=selected,
        borne=borne,
        documents=documents,
        broadcasts=shown,
        relations=goods.RELATIONS,
        what=goods.WHAT,
        bearers=goods.BEARERS,
        today=now().date(),
        off="" if actor.may("register") else gettext(NOT_REGISTER),
    )


@blueprint.get("/events")
@needs("view")
def events(book: str) -> Response:
    """Show events on other people's accounts with what they brought."""
    return _events(book)


@blueprint.post("/events")
@needs("register")
def register_event(book: str) -> Response | AnyResponse:
    """Register an event."""
    form = request.form
    try:
        new = outside.NewEvent(
            title=forms.text(form, "title", N_("活动名称")),
            day=forms.day(form, "day", N_("活动日期")),
            platform=forms.text(form, "platform", N_("平台"), required=False),
            handle=forms.text(form, "handle", N_("账号名称")),
            owner=forms.text(form, "owner", N_("账号开户人")),
            promise=forms.text(form, "promise", N_("对方承诺"), most=forms.LONG),
            expected_fen=forms.fen_or_none(form, "expected", N_("预计金额")),
        )
        files = forms.uploads(request.files, "document")
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            attached = forms.attach(session, actor, files)
            made = outside.record(session, actor, new, attachments=attached, at=now())
    except forms.REFUSED as error:
        return _events(book, error)
    flash(gettext(N_("活动 {number} 已登记；收到款项后按这个编号记收入。")).format(number=made.body["event"]))
    return redirect(url_for("goods.events", book=book))


def _events(book: str, error: SunbookError | None = None) -> Response:
    with store().reading() as reading:
        actor = current_actor(reading, book)
        found = outside.events(reading, book)
        documents = evidence.attachments(reading, book, [item.idx for item in found])
        kind = charts.current(reading, book).types.get(outside.INCOME)
    if kind is None:
        income_off = gettext(NO_INCOME_TYPE)
    else:
        income_off = "" if actor.role in kind.drafters else gettext(NOT_INCOME)
    return forms.answer(
        "registers/events.html",
        error,
        book=book,
        tabs=TABS,
        place="events",
        events=[(item, item.owner if actor.may("register") else mask(item.owner)) for item in found],
        documents=documents,
        today=now().date(),
        off="" if actor.may("register") else gettext(NOT_REGISTER),
        income_off=income_off,
    )
