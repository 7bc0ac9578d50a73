"""March 2026 of 示例县, day by day: the worked month that the tests know to the fen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from ledger import intake
from ledger.book import (
    accounts,
    broadcasts,
    corrections,
    declarations,
    drafts,
    entries,
    imports,
    opening,
)
from ledger.book.compose import NewEntry, compose
from ledger.demo import signing, welfare
from ledger.demo.cast import Player
from ledger.demo.script import AUDIENCE, BROADCASTS, DOUYIN, VOUCHERS
from ledger.demo.stage import FILES, Stage, at
from ledger.months import Month
from ledger.store.engine import Store


def play(store: Store, book: str, people: dict[str, Player]) -> None:
    """Write the whole month."""
    stage = Stage(store, book, people)
    _prepare_accounts(stage)
    welfare.before(stage)
    _open_book(stage)
    for number, item in enumerate(BROADCASTS, start=1):
        _broadcast(stage, number, item)
    welfare.selection(stage)
    _import(stage, "打赏登记表.csv", "recorder", at(26, "09:30"))
    _explain(stage)
    _import(stage, "达人订单明细_百应.csv", "recorder", at(27, "09:30"))
    welfare.resolution(stage)
    for minute, (login, new, document) in enumerate(VOUCHERS):
        _voucher(stage, login, new, document, at(31, f"{9 + minute // 6:02d}:{minute % 6 * 10:02d}"))
    welfare.spending(stage)
    welfare.reconciliation(stage, _import_statement(stage))
    signing.play(stage)


def _prepare_accounts(stage: Stage) -> None:
    """Register both live accounts and file them with county leaders and the discipline committee."""
    recorder = stage.who("recorder")
    kinds = (
        ("douyin", "示例县公益直播", "personal", "张某某"),
        ("kuaishou", "示例县政府", "institution", "示例县人民政府办公室"),
    )
    for platform, handle, owner_kind, owner in kinds:
        stage.write(
            lambda s, p=platform, h=handle, k=owner_kind, o=owner: accounts.open_account(  # type: ignore[misc]
                s, recorder, platform=p, handle=h, owner_kind=k, owner=o, at=at(24, "09:00", 2)
            )
        )
    for number in range(1, len(kinds) + 1):
        for body, prefix in (("leaders", "示府办备"), ("discipline", "示纪备")):
            _file(stage, f"A{number:02d}", body, f"{prefix}〔2026〕{number}号")


def _file(stage: Stage, account: str, filed_with: str, number: str) -> None:
    stage.write(
        lambda session: accounts.file_account(
            session,
            stage.who("recorder"),
            account,
            filed_with=filed_with,
            number=number,
            filed_on=date(2026, 2, 24),
            attachments=[stage.document(session, "filing")],
            at=at(24, "10:00", 2),
        )
    )


def _open_book(stage: Stage) -> None:
    """Opening: 20,000.00 in the bank, the fund to match; January and February's tips in the year to date."""

    def act(session: Session) -> drafts.Draft:
        body = opening.compose(
            session,
            stage.who("accountant"),
            period=Month(2026, 3),
            balances={"1002.01": 2_000_000, "3102.01": -2_000_000},
            items=(),
            year={
                "4901.01": -2_400_000,
                "5401.01": 1_200_000,
                "withdrawn": 1_200_000,
                "handed_over": 1_200_000,
            },
            attachments=[stage.document(session, "bank-proof")],
        )
        return drafts.prepare(
            session, stage.who("accountant"), kind="opening", payload={"opening": body}, at=at(1, "09:00")
        )

    stage.post(stage.write(act), at(1, "09:30"))


def _broadcast(stage: Stage, number: int, item: tuple[int, str, str, str, str, str, str, int, int]) -> None:
    """Register a broadcast, declare the night's figure with its screenshot, note the audience."""
    day, start, end, title, department, account, shot, fen, units = item
    recorder = stage.who("recorder")
    name = f"2026-{number:04d}"
    stage.write(
        lambda session: broadcasts.record(
            session,
            recorder,
            number=name,
            title=title,
            starts_at=at(day, start),
            ends_at=at(day, end),
            accounts=(account,),
            department=department,
            host="张某某",
            host_person=None,
            at=at(day, end),
        )
    )
    stage.write(
        lambda session: declarations.declare(
            session,
            recorder,
            name,
            shown=((account, fen, units),),
            captured_at=at(day, shot),
            attachments=[stage.document(session, f"screen-{number:04d}")],
            at=at(day, shot),
        )
    )
    figures = tuple(
        (leg, metric, unit, value) for which, leg, metric, unit, value in AUDIENCE if which == number
    )
    stage.write(
        lambda session: declarations.measure(
            session,
            recorder,
            name,
            figures=figures,
            captured_at=at(day, shot),
            attachments=[],
            at=at(day, shot),
        )
    )


def _explain(stage: Stage) -> None:
    """The last broadcast settled 0.50 above the night's figure."""
    stage.write(
        lambda session: declarations.explain(
            session,
            stage.who("recorder"),
            "2026-0004",
            account=DOUYIN,
            difference_fen=50,
            explanation="截图后平台补计 5 音浪，以平台结算为准。",
            at=at(26, "10:30"),
        )
    )


def _import(stage: Stage, name: str, login: str, when: datetime) -> None:
    """Upload a file, look at what it would become, and have it posted by the checker."""
    data = (FILES / name).read_bytes()
    settlement = intake.read(data, name)
    actor = stage.who(login)
    idx, _ = stage.write(lambda session: imports.receive(session, actor, data, name, settlement, at=when))
    draft = stage.write(lambda session: imports.prepare(session, actor, idx, settlement, at=when))
    stage.post(draft, when.replace(minute=50))


def _import_statement(stage: Stage) -> int:
    """The bank's statement of March comes on the first of April; return its record index."""
    name = "工行对公明细.csv"
    data = (FILES / name).read_bytes()
    settlement = intake.read(data, name)
    idx, _ = stage.write(
        lambda session: imports.receive(
            session, stage.who("cashier"), data, name, settlement, at=at(1, "09:10", 4)
        )
    )
    return int(idx)


def _voucher(stage: Stage, login: str, new: NewEntry, document: str, when: datetime) -> None:
    """Draft one voucher and have it posted; a spending of the Red Cross that is there already is corrected."""
    actor = stage.who(login)

    def act(session: Session) -> drafts.Draft:
        files = (stage.document(session, document),) if document else ()
        filed = replace(new, attachments=files)
        wrong = _wrong(session, stage.book, new)
        if wrong is not None:
            return corrections.prepare(
                session,
                actor,
                wrong,
                right=filed,
                reason="金额误记：发票合计 9,860.00 元。",
                day=new.date,
                at=when,
            )
        payload = {"entries": [compose(session, actor, filed, at=when)]}
        return drafts.prepare(session, actor, kind="manual", payload=payload, at=when)

    poster = "accountant" if login in ("redcross-clerk", "charity-clerk") else "checker"
    stage.post(stage.write(act), when.replace(minute=when.minute + 5), poster)


def _wrong(session: Session, book: str, new: NewEntry) -> int | None:
    """Return the entry with the same summary and another amount: the one that `new` corrects."""
    for entry in entries.of_month(session, book, Month(2026, 3)):
        if (entry.type, entry.summary) == (new.type, new.summary) == ("SPEND", "红会 暖冬包采购"):
            return entry.idx
    return None
