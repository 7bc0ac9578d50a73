"""Received files: upload, what is wrong with a refused one, what became of the rows of an accepted one."""

from __future__ import annotations

import io

from flask import Blueprint, Response, flash, redirect, request, send_file, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from ledger import intake
from ledger.book import assign, drafts, imports, placing, roster, rows
from ledger.book import chart as charts
from ledger.book.duties import ROLES, Actor, NotYourDuty
from ledger.errors import Conflict, Forbidden, SunbookError
from ledger.intake import Settlement
from ledger.store import blobs
from ledger.web import forms
from ledger.web.access import current_actor, needs
from ledger.web.desk import now, store
from ledger.web.language import gettext, language
from ledger.words import N_
from reports import template

blueprint = Blueprint("imports", __name__, url_prefix="/<book>/imports")

KINDS = {
    "tip_summary": N_("打赏登记表"),
    "commission_order": N_("抖音百应达人订单明细"),
    "settlement_order": N_("快手结算明细"),
    "shop_fund_flow": N_("平台资金流水（抖店、快手、视频号）"),
    "wallet_flow": N_("支付宝、微信支付商户资金流水"),
    "bank_statement": N_("银行对账单"),
    "wallet_bill": N_("个人账单（只留勾选的行）"),
}
FLOWS = {
    "douyin": N_("抖店资金流水"),
    "kuaishou": N_("快手资金流水"),
    "wechat": N_("视频号资金流水"),
}
"""How the flow of a platform's shop fund is called."""
USES = {
    "booked": N_("已记账"),
    "memo": N_("只作备查"),
    "unassigned": N_("未归入场次"),
    "repeated": N_("与别的文件重复"),
    "newer": N_("平台有新版本"),
}
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE_ROWS = 50
NOTICES_MAX = 5
VOUCHERS = {"tip_summary": ("tip",), "commission_order": ("commission", "commission_refund")}
"""Which kinds of rows of a file become vouchers; see assign.TYPES."""


@blueprint.get("/")
@needs("import")
def index(book: str) -> Response:
    """Show the upload and the files received so far."""
    return _page(book)


@blueprint.get("/template.xlsx")
@needs("import")
def tip_sheet(book: str) -> Response:
    """Hand out the empty sheet for entering tips."""
    del book  # the sheet is the same for every book
    data = io.BytesIO(template.tip_sheet_template(language()))
    return send_file(data, WORKBOOK, as_attachment=True, download_name="打赏登记表.xlsx")


@blueprint.post("/")
@needs("import")
def upload(book: str) -> Response | AnyResponse:
    """Take in a file whole or not at all; draft what it would become."""
    try:
        chosen = request.files.get("file")
        if chosen is None or not chosen.filename:
            raise forms.BadField(N_("请选择要导入的文件。"))
        data, name = chosen.read(), chosen.filename
        settlement = intake.read(data, name)
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            idx, fresh = imports.receive(session, actor, data, name, settlement, at=now())
    except forms.REFUSED as error:
        return _page(book, error)
    if not fresh:
        flash(gettext(N_("这份文件以前已经导入过，这是第一次导入的结果，没有重复登记。")), "note")
        return redirect(url_for("imports.show", book=book, idx=idx))
    for notice in settlement.notices[:NOTICES_MAX]:
        flash((f"{notice.row}: " if notice.row else "") + notice.text(language()), "wait")
    return _draft(book, idx, settlement)


@blueprint.get("/<int(max=999999999):idx>")
@needs("import", "post")
def show(book: str, idx: int) -> Response:
    """Show a received file."""
    return _file(book, idx)


@blueprint.post("/<int(max=999999999):idx>/prepare")
@needs("import")
def prepare(book: str, idx: int) -> Response | AnyResponse:
    """Draft the file again, for instance after a missing broadcast was registered."""
    with store().reading() as reading:
        found = imports.get(reading, book, idx)
        data = blobs.get(reading, book, found.digest)
    return _draft(book, idx, intake.read(data, found.name, reader=found.reader))


@blueprint.post("/<int(max=999999999):idx>/discard")
@needs("import")
def discard(book: str, idx: int) -> Response | AnyResponse:
    """Declare that nothing of a file will be booked, with the reason."""
    try:
        reason = forms.text(request.form, "reason", N_("作废原因"), most=forms.LONG)
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            if imports.get(session, book, idx).discarded is not None:
                raise Conflict(N_("这份文件已经作废。"))
            _drop_own(session, actor, idx)
            rows.discard(session, actor, idx, reason=reason, at=now())
    except forms.REFUSED as error:
        return _file(book, idx, error)
    flash(gettext(N_("文件已作废，原因已记入账本；文件本身仍然保存。")))
    return redirect(url_for("imports.show", book=book, idx=idx))


def _draft(book: str, idx: int, settlement: Settlement) -> AnyResponse:
    """Draft what a received file becomes and lead there; the file's page where nothing can be drafted."""
    back = redirect(url_for("imports.show", book=book, idx=idx))
    if settlement.kind in imports.REFERENCE_KINDS:
        checked = any(row.balance_fen is not None for row in settlement.rows)
        flash(
            gettext(
                N_("文件已收到，逐行余额核对无误；这类文件只供查看和对账，不生成凭证。")
                if checked
                else N_("文件已收到；这类文件只供查看和对账，不生成凭证。")
            )
        )
        return back
    try:
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            _check_drafter(session, actor, settlement.kind)
            if imports.get(session, book, idx).discarded is not None:
                raise Conflict(N_("这份文件已经作废。"))
            _drop_own(session, actor, idx)
            made = imports.prepare(session, actor, idx, settlement, at=now())
    except (*forms.REFUSED, Forbidden) as error:
        flash(
            gettext(N_("文件已收到，但还没有生成草稿：{reason}")).format(reason=error.text(language())),
            "wait",
        )
        return back
    flash(gettext(N_("已生成草稿，请核对后交由另一人审核记账。")))
    return redirect(url_for("drafts.show", book=book, draft=made.draft))


def _check_drafter(session: Session, actor: Actor, kind: str) -> None:
    """Raise NotYourDuty before rows that another role may book would be declared unassigned."""
    chart = charts.current(session, actor.book)
    for row_kind in VOUCHERS[kind]:
        wanted = chart.type(assign.TYPES[row_kind])
        if actor.role not in wanted.drafters:
            names = "、".join(ROLES[role].name.in_(language()) for role in wanted.drafters)
            raise NotYourDuty(
                N_("“{type}”凭证由{roles}填制。请他们在这份文件的页面上生成草稿。"),
                type=wanted.name.in_(language()),
                roles=names,
            )


def _drop_own(session: Session, actor: Actor, idx: int) -> None:
    """Drop the actor's own open draft of a file; raise Conflict if somebody else's waits."""
    for draft in drafts.waiting(session, actor.book):
        if draft.file_idx == idx and draft.drafter != actor.person:
            raise Conflict(N_("这份文件已有别人制作的草稿等待审核，请先退回那份草稿。"))
        if draft.file_idx == idx:
            drafts.drop(session, actor, draft.draft, note=gettext(N_("重新生成或文件作废")))


def kind_of(file: imports.Received) -> str:
    """Return what kind of file this is, for a person."""
    flow = FLOWS.get(file.platform, "") if file.kind == "shop_fund_flow" else ""
    return flow or KINDS.get(file.kind, file.kind)


def _page(book: str, error: SunbookError | None = None) -> Response:
    with store().reading() as reading:
        found = imports.files(reading, book)
        names = roster.names(reading, book)
    return forms.answer(
        "imports/index.html",
        error,
        book=book,
        files=found,
        names=names,
        kinds=KINDS,
        kind_of=kind_of,
        uses=USES,
    )


def _file(book: str, idx: int, error: SunbookError | None = None) -> Response:
    """Return the page of a received file, with one page of its rows."""
    with store().reading() as reading:
        actor = current_actor(reading, book)
        found = imports.get(reading, book, idx)
        pages = max(1, -(-found.rows // PAGE_ROWS))
        page = min(max(request.args.get("page", 1, type=int), 1), pages)
        first = (page - 1) * PAGE_ROWS
        span = [[first, first + PAGE_ROWS - 1]]
        personal = found.kind == imports.PERSONAL  # whose rows are shown on their own page, masked
        preview = [] if personal else rows.cells_of(reading, book, idx, span, PAGE_ROWS)
        is_placed = placing.is_placed(reading, book, idx)
        waiting = [draft for draft in drafts.waiting(reading, book) if draft.file_idx == idx]
        names = roster.names(reading, book)
    return forms.answer(
        "imports/show.html",
        error,
        book=book,
        file=found,
        header=found.header,
        rows=[
            (n + 1, [masked(title, cell) for title, cell in zip(found.header, cells, strict=False)])
            for n, cells in preview
        ],
        page=page,
        pages=pages,
        drafts=waiting,
        names=names,
        kind_of=kind_of,
        uses=USES,
        reference=found.kind in imports.REFERENCE_KINDS,
        personal=personal,
        is_placed=is_placed,
        is_statement=found.kind in placing.KINDS,
        may_import=actor.may("import"),
        left=found.rows - sum(found.used.values()),
    )


def masked(title: str, cell: str) -> str:
    """Return a cell for the preview: of an account number only the ends, the rest is in the file itself."""
    bare = cell.strip("\t '`")
    if title.strip().endswith("账号") and len(bare) >= 8 and bare.isdecimal():  # noqa: PLR2004 - no handle is so long a number
        return f"{bare[:4]}…{bare[-4:]}"
    return cell.strip()
