"""One record of every kind about reconciliation, spending and the close, for the vectors and the full book."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ledger.proof.private import Private

Said = tuple[str, dict[str, Any]]


def reconciling(
    file: int, entry: int, shot: dict[str, Any], hide: Callable[[str], Private], matched: int
) -> Iterator[Said]:
    """A calendar, a mapped bank, a placed statement, two words on its lines, a screen and a hand-over.

    `matched` is the index that the record of the match has.
    """
    yield (
        "calendar.loaded",
        {
            "year": 2026,
            "region": "",
            "off": ["2026-01-01", "2026-01-02"],
            "work": ["2026-01-04"],
            "source": "国务院办公厅关于2026年部分节假日安排的通知",
        },
    )
    yield (
        "profile.saved",
        {"fingerprint": "1f" * 32, "name": "示例县农信社", "reader": 'mapped:{"date":"日期"}'},
    )
    days = {"first_day": "2026-03-01", "last_day": "2026-03-31"}
    sums = {"opening_fen": 2_000_000, "closing_fen": 1_200_476}
    yield "statement.placed", {"file": file, "account": "1002.01", **sums, **days}
    line = {"file": file, "row": 1, "fen": -10000}
    part = {"entry": entry, "line": 0, "fen": -10000}
    match = {"account": "1002.01", "period": "2026-03", "statement": [line], "book": [part], "how": "hand"}
    yield "lines.matched", {**match, "reason": "同一笔拨付"}
    yield "match.undone", {"match": matched, "reason": "配错了"}
    judged = {"account": "1002.01", "period": "2026-03", "side": "statement", "source": file, "line": 1}
    transit = {"fen": -10000, "state": "transit", "reason": "下月入账", "expected": "2026-04-02"}
    yield "line.judged", {**judged, **transit}
    shown = {"account": "1009.02", "day": "2026-03-31", "balance_fen": 157_500}
    yield "balance.shown", {**shown, "attachments": [shot]}
    yield (
        "handover.declared",
        {
            "through": "2026-03-31",
            "host": hide("张某某"),
            "host_person": "p-host",
            "withdrawn_fen": 1_264_284,
            "handed_over_fen": 693_300,
            "in_hands_fen": 570_984,
            "text": "本人账户收到提现，已全额上缴；无截留。",
            "method": "paper",
            "attachments": [shot],
        },
    )


def welfare(entry: int, shot: dict[str, Any], hide: Callable[[str], Private], receipt: int) -> Iterator[Said]:
    """Agreement, resolution, receipt, goods, costs, an event, an activity, relations, later evidence.

    `receipt` is the index that the receipt's record has.
    """
    yield (
        "agreement.registered",
        {
            "agreement": "示捐协〔2026〕1号",
            "party": "公益直播运营单位",
            "signed_on": "2026-02-25",
            "first_day": "2026-03-01",
            "last_day": "2026-12-31",
            "accounts": ["A01"],
            "share_bp": 10000,
            "scope": "全部打赏与佣金净额",
            "reason": "补登期限",
            "attachments": [shot],
        },
    )
    shares = [{"charity": "redcross", "fen": 1_200_000}, {"charity": "charity", "fen": 800_000}]
    passed = {"resolution": "示公益〔2026〕3号", "passed_on": "2026-03-12", "body": "联席会议"}
    yield "resolution.passed", {**passed, "purpose": "暖冬助学", "shares": shares, "attachments": [shot]}
    yield (
        "receipt.recorded",
        {
            "entry": entry,
            "charity": "redcross",
            "code": "00010126",
            "number": "0000000001",
            "check_code": "a1b2c3",
            "issued_on": "2026-03-14",
            "received_on": "2026-03-13",
            "amount_fen": 1_200_000,
            "attachments": [shot],
        },
    )
    yield "receipt.reviewed", {"receipt": receipt, "charity": "charity", "decision": "agree", "note": ""}
    goods = {"broadcast": "2026-0001", "goods": "高山菜籽油5L", "seller": "示例县粮油合作社"}
    terms = {"relation": "none", "detail": "", "slot_fee_fen": 0, "commission_bp": 500}
    yield "goods.selected", {**goods, **terms, "attachments": []}
    cost = {"day": "2026-03-03", "what": "sample", "detail": "样品两桶", "amount_fen": 25600}
    yield "cost.borne", {"broadcast": "2026-0001", **cost, "bearer": "seller", "attachments": []}
    event = {"event": "E-2026-01", "title": "他方账号专场", "day": "2026-03-20", "platform": "douyin"}
    owner = {"handle": "示例县文旅", "owner": hide("李某"), "promise": "净额全部转入"}
    yield "event.recorded", {**event, **owner, "expected_fen": 100_000, "attachments": [shot]}
    yield (
        "activity.recorded",
        {
            "activity": "H-2026-01",
            "title": "暖冬包发放",
            "organisers": ["redcross", "loveteam"],
            "day": "2026-03-20",
            "place": "示例镇",
            "beneficiaries": 58,
            "who": "困难家庭",
            "goods": [{"name": "暖冬包", "quantity": 58, "unit": "份", "fen": 986_000}],
            "volunteers": [{"name": hide("王某"), "minutes": 180}],
            "payee": hide("示例县百货商店"),
            "intent": "用于困难家庭过冬",
            "spending": [entry],
            "reason": "补登志愿者",
            "attachments": [shot],
        },
    )
    yield "relation.declared", {"entry": entry, "relation": "related", "detail": hide("经办人亲属")}
    yield "evidence.added", {"record": entry, "note": "补发票", "attachments": [shot]}


def closing(entry: int, shot: dict[str, Any]) -> Iterator[Said]:
    """An exception explained, a warning overridden, a close, a disclosure."""
    subject = {
        "period": "2026-03",
        "rule": "declared-settled",
        "subject": "2026-0001/A01",
        "facts": "2f" * 32,
    }
    yield "exception.settled", {**subject, "outcome": "explained", "text": "平台补计"}
    yield (
        "warning.overridden",
        {"entries": [entry], "rule": "round-amount", "subject": "", "reason": "定额采购"},
    )
    sides = {"1122.01": (5000, 0), "4901.01": (0, 10000), "5401.01": (5000, 0)}
    turnover = [{"account": code, "debit_fen": d, "credit_fen": c} for code, (d, c) in sides.items()]
    held = {"1002.01": 2_000_000, "1122.01": 5000, "3102.01": -2_000_000, "4901.01": -10000, "5401.01": 5000}
    yield (
        "month.closed",
        {
            "period": "2026-03",
            "drafter": "p-accountant",
            "draft": "3f" * 32,
            "vouchers": [],
            "checklist": [{"item": "bank", "state": "done", "detail": ""}],
            "balances": [{"account": code, "fen": fen} for code, fen in held.items()],
            "year": turnover,
            "total": turnover,
        },
    )
    done = {"duty": "monthly", "subject": "2026-03", "done_on": "2026-04-08"}
    yield "disclosure.made", {**done, "link": "https://example.org/2026-03", "attachments": [shot]}
