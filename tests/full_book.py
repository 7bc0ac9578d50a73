"""A book in which every table of log, private values and projections has rows, made through the use cases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ledger import intake
from ledger.book import (
    accounts,
    bills,
    broadcasts,
    closing,
    corrections,
    declarations,
    drafts,
    erasure,
    evidence,
    keys,
    month,
    placing,
    profiles,
    roster,
    rows,
    shown,
    signoff,
)
from ledger.intake import Mapping
from ledger.months import CHINA, Month
from ledger.proof.private import Private
from ledger.store import log
from ledger.store import tables_activity as a
from ledger.store.append_only import LOG, PRIVATE, PROJECTION, table_of
from ledger.store.engine import Store
from ledger.words import Text
from tests import books, welfare_records
from tests.books import Office, at, new_entry

ORDERS_HEADER = (
    "订单id,商品id,商品名称,店铺名称,订单状态,成交金额,佣金率,总佣金收入,预估佣金收入-达人,结算佣金收入-达人,"
    "技术服务费,订单支付时间,订单结算时间,流量来源"
)
SETTLED = "{id}\t,3620000000000000012\t,土豆粉条2kg,示例县粉条厂,订单结算,40.00,10.00%,4.00,3.60,3.60,0.40,{paid},2026-03-24 03:00:00,直播"
ESTIMATE = "{id}\t,3620000000000000012\t,土豆粉条2kg,示例县粉条厂,订单付款,40.00,10.00%,4.00,3.60,0.00,0.00,{paid},,直播"


def orders(*lines: str) -> bytes:
    """Return a commission file."""
    return ("\ufeff" + "\r\n".join([ORDERS_HEADER, *lines]) + "\r\n").encode()


def settled(number: int, paid: str = "2026-03-03 20:30:00") -> str:
    """Return a settled order."""
    return SETTLED.format(id=6931000000000100000 + number, paid=paid)


def estimate(number: int, paid: str = "2026-03-03 20:30:00") -> str:
    """Return an order that is paid and not settled yet."""
    return ESTIMATE.format(id=6931000000000100000 + number, paid=paid)


def build(store: Store) -> Office:
    """Fill book `county`, beside an almost empty book `other`; every table of `county` has rows."""
    books.build(store, "other", opened=False)
    office = books.build(store, "county", opened=False)
    items = (("3102.01", -5000, date(2026, 2, 1), "上年结转"),)
    year = {"4901.01": -2_400_000, "withdrawn": 1_200_000}
    books.post_opening(office, {"1002.01": 2_000_000, "3102.01": -2_000_000}, items=items, year=year)
    office.write(lambda s: _seats(office, s))
    _nights(office)
    _files(office)
    _statements(office)
    _vouchers(office)
    _words(office)
    _erase(office)
    _welfare(office)
    _close(office)
    _check_complete(office)
    return office


def _seats(office: Office, session: Session) -> None:
    """A policy, a stand-in, somebody who leaves, accounts filed and paused, a key that is ended."""
    security, recorder, moment = office.who("secadmin"), office.who("recorder"), office.tick()
    policy = {"name": "late_hours", "value": {"night": [24, True]}, "reason": "按办法第五条"}
    log.append(session, office.book, "policy.set", policy, by=security.person, at=moment)
    roster.name_party(session, office.book, "guild", Text("公会", "guild"), by=security.person, at=moment)
    roster.authorise_substitute(
        session,
        security,
        absent="p-redcross",
        person="p-redcross-viewer",
        first_day=date(2026, 3, 1),
        last_day=date(2026, 3, 31),
        attachments=[office.document(session, b"paper")],
        at=moment,
    )
    gone = roster.join(
        session, security, person="p-gone", name="李某某", party="operator", role="viewer", post="", at=moment
    )
    roster.leave(session, security, gone.index, reason="调离", at=moment)
    for account in ("A01", "A02"):
        for filed_with in accounts.FILED_WITH:
            accounts.file_account(
                session,
                recorder,
                account,
                filed_with=filed_with,
                number="示备〔2026〕1号",
                filed_on=date(2026, 2, 24),
                attachments=[evidence.keep(session, office.book, books.PNG + b"filing", "备案.png")],
                at=moment,
            )
    for paused in (True, False):
        accounts.pause(
            session, recorder, "A02", paused=paused, on_day=date(2026, 3, 1), reason="整改", at=moment
        )


def _nights(office: Office) -> None:
    """Two broadcasts: one declared, measured, explained and amended, one with no income."""
    office.broadcast("2026-0001")
    office.broadcast("2026-0002", day=4, account="A02")
    office.now = at(5)
    recorder = office.who("recorder")

    def act(session: Session) -> None:
        moment, shot = office.tick(), [office.document(session, b"screen")]
        declarations.declare(
            session,
            recorder,
            "2026-0001",
            shown=(("A01", 9950, 995),),
            captured_at=at(3, "22:30"),
            attachments=shot,
            at=moment,
        )
        declarations.declare_zero(
            session,
            recorder,
            "2026-0002",
            accounts=("A02",),
            captured_at=at(4, "22:30"),
            attachments=shot,
            at=moment,
        )
        declarations.measure(
            session,
            recorder,
            "2026-0001",
            figures=(("A01", "观看", "人次", 18260), ("A01", "点赞", "次", 45120)),
            captured_at=at(3, "22:30"),
            attachments=[],
            at=moment,
        )
        declarations.explain(
            session,
            recorder,
            "2026-0001",
            account="A01",
            difference_fen=50,
            explanation="平台补计",
            at=moment,
        )
        broadcasts.amend(
            session,
            recorder,
            "2026-0002",
            title="助农专场（补）",
            starts_at=at(4, "20:00"),
            ends_at=None,
            accounts=("A02",),
            department="县商务局",
            host="王某某",
            host_person="p-gone",
            reason="漏填部门",
            at=moment,
        )

    office.write(act)


def _files(office: Office) -> None:
    """Tips with one row that belongs to no broadcast, commission with an estimate, and a file that is discarded."""
    office.now = at(26)
    idx, _, settlement = office.import_file(
        books.tip_sheet(
            books.tip_row("2026-0001"), books.tip_row("2026-0009", day=9, gross="30.00", net="15.00")
        )
    )
    office.post(office.prepare(idx, settlement))
    idx, _, settlement = office.import_file(orders(settled(1), settled(2), estimate(3)), "达人订单明细.csv")
    office.post(office.prepare(idx, settlement))
    idx, _, _ = office.import_file(books.tip_sheet(books.tip_row("2026-0008", day=8)), "作废.csv")
    office.write(
        lambda s: rows.discard(s, office.who("recorder"), idx, reason="选错了文件", at=office.tick())
    )


STATEMENT = (
    "凭证号,本方账号,对方账号,交易时间,借/贷,借方发生额,贷方发生额,对方行号,摘要,用途,对方单位名称,余额,个性化信息\r\n"
    "0,3011000000000000001,6222000000000000777,2026-03-23 09:30:15,贷,0.00,200.00,1,汇款,,李某,20200.00,\r\n"
)
BILL = (
    "交易时间,交易分类,交易对方,对方账号,商品说明,收/支,金额,收/付款方式,交易状态,交易订单号,商家订单号,备注\r\n"
    "2026-03-15 18:22:31,收入,某直播平台,/,直播收益提现,收入,50.00,余额,交易成功,2026031522000000000001,L1,\r\n"
    "2026-03-18 09:00:00,餐饮,某商户,/,晚饭,支出,32.00,余额,交易成功,2026031822000000000003,D001,\r\n"
)


def _statements(office: Office) -> None:
    """A placed statement, a saved mapping, a balance on a screen, and a personal bill with one row ticked."""
    cashier = office.who("cashier")
    idx, _, _ = office.import_file(STATEMENT.encode(), "对账单.csv", "cashier")
    bill = intake.read(BILL.encode(), "账单.csv")

    def act(session: Session) -> None:
        placing.place(session, cashier, idx, account="1002.01", at=office.tick())
        columns = Mapping(date="日期", amount="金额")
        profiles.save(
            session, cashier, fingerprint="2e" * 32, name="农信社", columns=columns, at=office.tick()
        )
        shown.record(
            session,
            cashier,
            account="1009.01",
            day=date(2026, 3, 26),
            balance_fen=0,
            attachments=[office.document(session, b"balance")],
            at=office.tick(),
        )
        bills.receive(session, cashier, BILL.encode(), bill, {0}, at=office.tick())

    office.write(act)


def _vouchers(office: Office) -> None:
    """A spending that is corrected, and a receipt whose payer is private."""
    office.now = at(27)
    shot = office.write(lambda s: office.document(s, b"spending"))
    facts = {"activity": "暖冬包", "place": "示例镇", "beneficiaries": 8, "payee": "示例县百货商店"}
    spend = {"charity": "redcross", "facts": facts, "attachments": (shot,)}
    office.entry("GRANT_PAY", "cashier", day=20, charity="redcross", attachments=(shot,), amount=100000)
    wrong = office.entry("SPEND", "redcross-clerk", "accountant", day=21, amount=9680, **spend)
    right = new_entry("SPEND", 22, amount=9860, **spend)
    draft = office.write(
        lambda s: corrections.prepare(
            s,
            office.who("redcross-clerk"),
            wrong.index,
            right=right,
            reason="金额误记",
            day=date(2026, 3, 22),
            at=office.tick(),
        )
    )
    office.post(draft, "accountant")
    office.entry("UNIDENTIFIED", "cashier", day=23, amount=20000, facts={"payer": "李某", "bank_serial": "1"})


def _words(office: Office) -> None:
    """Everybody signs the month, a query is asked, answered and settled, one word is on paper, a key is replaced."""
    indexes = office.read(lambda s: [e.idx for e in _entries(s)])
    office.sign("charity", *indexes)
    office.sign("discipline", *indexes)
    asked = office.sign("redcross", indexes[0], decision="query", reason="请补充截图。")[0]
    office.write(
        lambda s: signoff.reply(
            s,
            office.who("recorder"),
            asked.index,
            text="已补充。",
            attachments=[office.document(s, b"reply")],
            at=office.tick(),
        )
    )
    shown = office.shown(indexes[0])
    office.write(
        lambda s: signoff.sign_on_paper(
            s,
            office.who("redcross-clerk"),
            shown,
            party="redcross",
            person="p-redcross",
            decision="agree",
            attachments=[office.document(s, b"signed paper")],
            at=office.tick(),
        )
    )
    office.sign("redcross", *indexes[1:])
    office.new_key("charity")
    key = office.read(lambda s: keys.active(s, office.book, "p-discipline"))
    assert key is not None
    office.write(lambda s: keys.end(s, office.who("secadmin"), key.key, reason="遗失", at=office.tick()))


def _entries(session: Session) -> list:
    from ledger.book import entries

    return entries.of_month(session, "county", Month(2026, 3))


def _erase(office: Office) -> None:
    """A seat's name that was erased."""
    name = Private("钱某某")

    def act(session: Session) -> None:
        seat = {"person": "p-erased", "party": "operator", "role": "viewer", "post": "", "name": name}
        log.append(session, office.book, "member.joined", seat, by="p-secadmin", at=office.tick())
        erasure.erase(session, office.who("secadmin"), name.commitment, reason="本人要求", at=office.tick())

    office.write(act)


def _welfare(office: Office) -> None:
    """One record of every kind about reconciliation, spending and exceptions."""

    def act(session: Session) -> None:
        shot = office.document(session, b"welfare")
        file = session.scalars(select(a.SourceFile.idx).where(a.SourceFile.book_id == office.book)).first()
        entry = next(e.idx for e in _entries(session) if e.type == "GRANT_PAY")

        def write(said: Iterator[welfare_records.Said]) -> None:
            for kind, body in said:
                if kind != "month.closed":
                    log.append(session, office.book, kind, body, by="p-accountant", at=office.tick())

        first = log.size(session, office.book)
        write(welfare_records.reconciling(file, entry, shot, Private, first + 3))
        first = log.size(session, office.book)
        write(welfare_records.welfare(entry, shot, Private, first + 2))
        write(welfare_records.closing(entry, shot))

    office.write(act)


def _close(office: Office) -> None:
    """March is closed."""
    office.now = datetime(2026, 4, 8, 9, 0, tzinfo=CHINA)

    def draft(session: Session) -> drafts.Draft:
        payload = {"close": closing.plan(month.view(session, office.book, Month(2026, 3)), [])}
        who = office.who("accountant")
        return drafts.prepare(session, who, kind="close", payload=payload, at=office.tick())

    office.post(office.write(draft))


def _check_complete(office: Office) -> None:
    def empty(session: Session) -> list[str]:
        tables = [table_of(model) for model in (*LOG, *PRIVATE, *PROJECTION)]
        return [
            table.name
            for table in tables
            if not session.execute(select(func.count()).where(table.c.book_id == office.book)).scalar_one()
        ]

    assert office.read(empty) == [], "a table without rows would never be tampered with"
