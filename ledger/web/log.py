"""The log as a person can read and check it: every record, its place in the tree, verification at a click."""

from __future__ import annotations

import json
import threading

from flask import Blueprint, Response, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger import intake
from ledger.book import roster
from ledger.errors import Conflict
from ledger.proof import merkle
from ledger.store import log, verify
from ledger.store import tables as t
from ledger.store.append_only import table_of
from ledger.web.access import needs
from ledger.web.desk import now, store
from ledger.words import N_

blueprint = Blueprint("log", __name__, url_prefix="/<book>/log")
HEAD, RECORD = table_of(t.RecordHead), table_of(t.RecordRow)
PAGE = 50
FINDINGS_MAX = 20
VERIFYING = threading.Lock()
"""Verification reads the whole book; one at a time is enough."""

KIND_WORDS = {
    "book.opened": N_("开立账本"),
    "chart.adopted": N_("采用科目表"),
    "policy.set": N_("设置规则"),
    "party.named": N_("登记单位"),
    "member.joined": N_("安排岗位"),
    "member.left": N_("结束岗位"),
    "substitute.authorised": N_("登记授权委托书"),
    "key.enrolled": N_("启用签名密钥"),
    "key.ended": N_("停用签名密钥"),
    "account.opened": N_("登记直播账号"),
    "account.filed": N_("直播账号备案"),
    "account.paused": N_("暂停直播账号"),
    "account.resumed": N_("恢复直播账号"),
    "broadcast.recorded": N_("登记直播场次"),
    "broadcast.amended": N_("更正直播场次"),
    "broadcast.measured": N_("登记直播数据"),
    "broadcast.declared": N_("当晚申报"),
    "broadcast.zero": N_("零收入声明"),
    "broadcast.explained": N_("说明差异"),
    "file.received": N_("收到文件"),
    "file.discarded": N_("作废文件"),
    "rows.set_aside": N_("划出不记账的行"),
    "entry.posted": N_("记账"),
    "opening.recorded": N_("登记期初"),
    "signoff.signed": N_("签认"),
    "signoff.paper": N_("线下签署"),
    "query.replied": N_("回复问询"),
    "private.erased": N_("删除个人信息"),
    "calendar.loaded": N_("载入工作日历"),
    "profile.saved": N_("保存银行列对应"),
    "statement.placed": N_("登记对账单"),
    "lines.matched": N_("勾对"),
    "match.undone": N_("撤销勾对"),
    "line.judged": N_("说明未达账项"),
    "balance.shown": N_("登记平台余额"),
    "handover.declared": N_("上缴声明"),
    "agreement.registered": N_("登记捐赠协议"),
    "resolution.passed": N_("登记分配决议"),
    "receipt.recorded": N_("登记票据"),
    "receipt.reviewed": N_("复核票据"),
    "goods.selected": N_("登记选品"),
    "cost.borne": N_("登记费用承担"),
    "event.recorded": N_("登记他方活动"),
    "activity.recorded": N_("登记公益活动"),
    "relation.declared": N_("关联方声明"),
    "evidence.added": N_("补充附件"),
    "exception.settled": N_("处理异常"),
    "warning.overridden": N_("有提示仍记账"),
    "month.closed": N_("月结"),
    "disclosure.made": N_("登记信息公开"),
}
"""Every kind of record as a person would call it."""


@blueprint.get("/")
@needs("verify", "audit")
def records(book: str) -> str:
    """Show the records, newest first."""
    with store().reading() as reading:
        head = log.head(reading, book)
        before = min(request.args.get("before", head.size, type=int), head.size)
        rows = _page(reading, book, before)
        names = roster.names(reading, book)
    older = rows[-1].idx if rows and rows[-1].idx else None
    newer = min(before + PAGE, head.size) if before < head.size else None
    return render_template(
        "log/records.html", head=head, rows=rows, names=names, kinds=KIND_WORDS, older=older, newer=newer
    )


@blueprint.get("/<int(max=999999999):index>/")
@needs("verify", "audit")
def record(book: str, index: int) -> str:
    """Show one record: its bytes, its leaf and the proof that the root contains it."""
    with store().reading() as reading:
        found = log.get(reading, book, index)
        head, proof = _proof(reading, book, index)
        names = roster.names(reading, book)
    holds = merkle.inclusion_holds(merkle.leaf_hash(found.data), index, head.size, proof, head.root)
    return render_template(
        "log/record.html",
        one=found,
        text=found.data.decode(),
        head=head,
        proof=[step.hex() for step in proof],
        holds=holds,
        names=names,
        kinds=KIND_WORDS,
    )


@blueprint.get("/<int(max=999999999):index>/proof.json")
@needs("verify", "audit")
def proof_file(book: str, index: int) -> Response:
    """Hand out a record with its proof, so that it can be checked elsewhere."""
    with store().reading() as reading:
        found = log.get(reading, book, index)
        head, proof = _proof(reading, book, index)
    body = {
        "origin": head.origin,
        "size": head.size,
        "root": head.root.hex(),
        "index": index,
        "leaf": found.leaf.hex(),
        "proof": [step.hex() for step in proof],
        "record": found.data.decode(),
    }
    response = Response(json.dumps(body, ensure_ascii=False, indent=1) + "\n", mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{book}-{index}-proof.json"'
    return response


@blueprint.post("/verify")
@needs("verify")
def check(book: str) -> str:
    """Recompute everything that is stored and show the verdict."""
    if not VERIFYING.acquire(blocking=False):
        raise Conflict(N_("正在验证，请等上一次验证完成后再试。"))
    try:
        begun = now()
        with store().reading() as reading:
            verdict = verify.verify(reading, book, derive=intake.derive, most=FINDINGS_MAX)
            head = log.head(reading, book) if verdict.size else None
    finally:
        VERIFYING.release()
    return render_template("log/verdict.html", verdict=verdict, head=head, begun=begun)


def _page(reading: Session, book: str, before: int) -> list[t.RecordHead]:
    """Return the heads of a page of records below `before`, with their leaves."""
    query = (
        select(HEAD.c.idx, HEAD.c.kind, HEAD.c.at, HEAD.c.person, RECORD.c.leaf)
        .join(RECORD, (RECORD.c.book_id == HEAD.c.book_id) & (RECORD.c.idx == HEAD.c.idx))
        .where(HEAD.c.book_id == book, HEAD.c.idx < before)
        .order_by(HEAD.c.idx.desc())
        .limit(PAGE)
    )
    return list(reading.connection().execute(query))  # type: ignore[arg-type]  # rows with the same names


def _proof(reading: Session, book: str, index: int) -> tuple[log.Head, list[bytes]]:
    head = log.head(reading, book)
    return head, merkle.inclusion_proof(index, head.size, log.reader(reading, book))
