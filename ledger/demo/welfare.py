"""The demonstration's way of the money: agreement, resolution, receipts, goods, an activity, and reconciliation."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from ledger.book import (
    activities,
    agreements,
    calendars,
    charity_receipts,
    entries,
    goods,
    handover,
    handover_figures,
    placing,
    reconcile,
    relations,
    resolutions,
    shown,
)
from ledger.book.activity_reads import Goods
from ledger.demo.stage import Stage, at
from ledger.months import Month

MARCH = Month(2026, 3)
RESOLUTION = "2026-03号"


def before(stage: Stage) -> None:
    """Before the first broadcast: the working calendar and the donation agreement."""

    def act(session: Session) -> None:
        for year in calendars.packaged():
            calendars.adopt_packaged(session, stage.who("secadmin"), year, at=at(24, "11:00", 2))
        agreements.register(
            session,
            stage.who("recorder"),
            agreements.Terms(
                number="示捐协〔2026〕1号",
                party="示例县公益直播运营单位",
                signed_on=date(2026, 2, 25),
                first_day=date(2026, 3, 1),
                last_day=date(2026, 12, 31),
                accounts=(),
                share_bp=10_000,
                scope="直播打赏净额与带货佣金净额全部用于公益",
            ),
            attachments=[stage.document(session, "resolution")],
            at=at(25, "10:00", 2),
        )

    stage.write(act)


def selection(stage: Stage) -> None:
    """Whose goods were sold, and who bore the samples."""

    def act(session: Session) -> None:
        recorder = stage.who("recorder")
        for number, name, seller, rate in (
            ("2026-0001", "高山菜籽油5L", "示例县粮油合作社", 500),
            ("2026-0002", "土豆粉条2kg", "示例县粉条厂", 1_000),
        ):
            goods.select_goods(
                session,
                recorder,
                goods.NewGoods(number, name, seller, "none", "", 0, rate),
                attachments=[],
                at=at(26, "09:05"),
            )
        goods.bear_cost(
            session,
            recorder,
            goods.NewCost(date(2026, 3, 3), "2026-0001", "sample", "试用样品 2 桶", 25_600, "seller"),
            attachments=[],
            at=at(26, "09:10"),
        )

    stage.write(act)


def resolution(stage: Stage) -> None:
    """The joint meeting decides who is given what."""
    stage.write(
        lambda session: resolutions.record(
            session,
            stage.who("accountant"),
            resolutions.NewResolution(
                RESOLUTION,
                date(2026, 3, 12),
                "公益直播善款分配联席会议",
                "暖冬包与助学金",
                {"redcross": 1_200_000, "charity": 800_000},
            ),
            attachments=[stage.document(session, "resolution")],
            at=at(30, "17:00"),
        )
    )


def spending(stage: Stage) -> None:
    """Receipts recorded by one charity and reviewed by the other, the activity, relations, the streamer's word."""
    stage.write(lambda session: _receipts(stage, session))
    stage.write(lambda session: _activity(stage, session))
    stage.write(lambda session: _handover(stage, session))


def _of_type(session: Session, book: str, kind: str) -> list[entries.Entry]:
    return [
        entry
        for entry in entries.of_month(session, book, MARCH)
        if entry.type == kind and entry.idx not in _undone(session, book)
    ]


def _undone(session: Session, book: str) -> set[int]:
    return {e.reverses for e in entries.of_month(session, book, MARCH) if e.reverses is not None}


def _receipts(stage: Stage, session: Session) -> None:
    other = {"redcross": "charity-clerk", "charity": "redcross-clerk"}
    for minute, paid in enumerate(_of_type(session, stage.book, "GRANT_PAY")):
        party = str(paid.charity)
        recorded = charity_receipts.record(
            session,
            stage.who(f"{party}-clerk"),
            paid.idx,
            charity_receipts.NewReceipt(
                code="00010126",
                number=f"00000002{minute + 1:02d}",
                check_code=f"a7{minute}c31",
                issued_on=date(2026, 3, 14),
                received_on=date(2026, 3, 13),
                amount_fen=paid.amount_fen,
            ),
            attachments=[stage.document(session, "receipt")],
            at=at(31, f"14:{minute * 10:02d}"),
        )
        charity_receipts.review(
            session,
            stage.who(other[party]),
            recorded.index,
            decision="agree",
            note="",
            at=at(31, f"14:{minute * 10 + 5:02d}"),
        )
    for spent in _of_type(session, stage.book, "SPEND"):
        clerk = stage.who(f"{spent.charity}-clerk")
        relations.declare(session, clerk, spent.idx, relation="none", detail="", at=at(31, "14:30"))


def _activity(stage: Stage, session: Session) -> None:
    spent = [e for e in _of_type(session, stage.book, "SPEND") if e.charity == "redcross"]
    activities.record(
        session,
        stage.who("redcross-clerk"),
        activities.NewActivity(
            title="暖冬包采购与发放",
            organisers=("redcross", "loveteam"),
            day=date(2026, 3, 19),
            place="示例镇",
            beneficiaries=86,
            who="低收入家庭与独居老人",
            goods=(Goods("暖冬包", 86, "份", 986_000),),
            payee="示例县百货商店",
            volunteers=(("志愿者甲", 180), ("志愿者乙", 180), ("志愿者丙", 120)),
            intent="用于困难家庭过冬",
            spending=tuple(entry.idx for entry in spent),
        ),
        attachments=[stage.document(session, "spending")],
        at=at(31, "15:00"),
    )


def _handover(stage: Stage, session: Session) -> None:
    """The streamer has no computer at hand and signs on paper."""
    figures = handover_figures.figures(session, stage.book, date(2026, 3, 31))
    handover.declare(
        session,
        stage.who("recorder"),
        figures,
        host="张某某",
        attachments=[stage.document(session, "receipt")],
        at=at(31, "16:00"),
    )


def reconciliation(stage: Stage, statement: int) -> None:
    """The bank's statement is placed and matched, and the platforms' screens are filed."""

    def act(session: Session) -> None:
        placing.place(
            session,
            stage.who("cashier"),
            statement,
            account="1002.01",
            first_day=MARCH.first_day,
            last_day=MARCH.last_day,
            at=at(1, "09:12", 4),
        )
        balances: tuple[tuple[str, int], ...] = (("1009.01", 0), ("1009.02", 157_500), ("1009.11", 0))
        for account, fen in balances:
            shown.record(
                session,
                stage.who("cashier"),
                account=account,
                day=date(2026, 3, 31),
                balance_fen=fen,
                attachments=[stage.document(session, "screen-0003")],
                at=at(1, "09:20", 4),
            )
        accountant = stage.who("accountant")
        sheet = reconcile.sheet(session, stage.book, "1002.01", MARCH)
        picks: list[Any] = [proposal.keys for proposal in sheet.proposals]
        reconcile.match_all(
            session, accountant, account="1002.01", month=MARCH, picks=picks, at=at(1, "09:40", 4)
        )

    stage.write(act)
