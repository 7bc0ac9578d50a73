"""The checklist of the monthly close (domain B-3), each item with what still stands in its way.

A *hard* item must be done before the month can close: the office can always do it by itself
(book, declare, reconcile or explain). A *soft* item depends on somebody else, a charity that
is silent or an exception under query: the month goes on with a note that is recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from ledger.book import charity_receipts, drafts, findings, reconciliation, section_checks
from ledger.book.month import MonthView
from ledger.errors import Value
from ledger.sections_welfare import BankReconciliation
from ledger.words import N_, Text, fill

BROADCASTS, FILES, DRAFTS, BANK, WALLETS = "broadcasts", "files", "drafts", "bank", "wallets"
CHARITIES, FINDINGS, TRIAL, VOUCHERS = "charities", "findings", "trial", "vouchers"

NAMES: dict[str, str] = {
    BROADCASTS: N_("每场直播都有收入入账或零收入声明"),
    FILES: N_("收到的文件都已处理，控制合计一致"),
    DRAFTS: N_("没有未审核的草稿"),
    BANK: N_("银行存款与对账单一致，差异已列入余额调节表"),
    WALLETS: N_("平台余额与平台页面一致"),
    CHARITIES: N_("两会已确认收款并登记票据"),
    FINDINGS: N_("重要异常已有说明"),
    TRIAL: N_("试算平衡，勾稽关系成立"),
    VOUCHERS: N_("结转凭证已生成"),
}
SOFT = frozenset({CHARITIES, FINDINGS})


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing that stands in the way: a sentence, and the page (relative to the book) where it is put right."""

    message: str
    values: dict[str, Value]
    path: str

    def text(self, language: str = "zh") -> str:
        """Return the sentence in `language`."""
        return fill(self.message, self.values, language)


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the checklist; `blockers` is empty when it is done. `soft`: a note is enough."""

    code: str
    name: str
    soft: bool
    blockers: tuple[Blocker, ...]

    @property
    def done(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.blockers


def items(session: Session, seen: MonthView) -> tuple[Item, ...]:
    """Return the checklist of a month as the book stands now, in the order of the close."""
    reconciled = reconciliation.bank(session, seen.book, seen.month)
    bank = [one for one in reconciled if one.code == seen.account("bank")]
    found = {
        BROADCASTS: _broadcasts(seen),
        FILES: _files(seen),
        DRAFTS: _drafts(session, seen),
        BANK: _reconciled(seen, bank, seen.account("bank")),
        WALLETS: _wallets(seen, reconciled),
        CHARITIES: _charities(session, seen),
        FINDINGS: _findings(session, seen),
        TRIAL: _trial(seen, bank[0] if bank else None),
        VOUCHERS: iter(()),
    }
    return tuple(Item(code, NAMES[code], code in SOFT, tuple(blockers)) for code, blockers in found.items())


def _broadcasts(seen: MonthView) -> Iterator[Blocker]:
    for item in seen.broadcasts:
        if item.month != seen.month:
            continue
        for code in item.accounts:
            told = seen.declared.get((item.number, code))
            booked = any(e.account == code for e in seen.of_broadcast(item.number, "TIP"))
            if not booked and not (told and told.zero):
                handle = seen.accounts[code].handle if code in seen.accounts else code
                yield Blocker(
                    N_("场次 {number} 的账号“{handle}”既没有收入入账，也没有零收入声明"),
                    {"number": item.number, "handle": handle},
                    f"broadcasts/{item.number}",
                )


def _files(seen: MonthView) -> Iterator[Blocker]:
    for file in seen.files:
        left = file.rows - sum(file.used.values())
        if file.discarded is None and left > 0:
            yield Blocker(
                N_("文件“{name}”还有 {count} 行没有处理"),
                {"name": file.name, "count": left},
                f"imports/{file.idx}",
            )


def _drafts(session: Session, seen: MonthView) -> Iterator[Blocker]:
    for draft in drafts.waiting(session, seen.book):
        entries = draft.payload.get("entries", ())
        if any(entry["period"] == str(seen.month) for entry in entries):
            yield Blocker(N_("草稿 {draft} 等待审核记账"), {"draft": draft.draft}, f"drafts/{draft.draft}")


def _reconciled(
    seen: MonthView, found: list[BankReconciliation], code: str, page: str = ""
) -> Iterator[Blocker]:
    """Say what a reconciliation lacks: the statement, words on its open lines, or equal adjusted balances."""
    name = seen.chart.account(code).name
    page = page or f"reconcile/{code}/{seen.month}"
    one = next((item for item in found if item.code == code), None)
    if one is None or one.adjusted_statement_fen is None:
        yield Blocker(N_("“{name}”没有到月末的对账单或余额截图"), {"name": name}, "reconcile/statements/")
        return
    silent = [line for line in one.open if line.state == "open"]
    if silent:
        yield Blocker(
            N_("“{name}”还有 {count} 笔没有勾对，也没有说明"), {"name": name, "count": len(silent)}, page
        )
    elif one.adjusted_statement_fen != one.adjusted_book_fen:
        yield Blocker(N_("“{name}”调节后的余额不相等"), {"name": name}, page)


def _wallets(seen: MonthView, reconciled: tuple[BankReconciliation, ...]) -> Iterator[Blocker]:
    """Every wallet that holds or moved money agrees with what its platform shows."""
    codes = [item.wallet for item in seen.chart.platforms.values()]
    for code in (*codes, seen.account("commission_wallet")):
        moved = seen.moved(code)
        if moved.opening_fen or moved.debit_fen or moved.credit_fen or moved.closing_fen:
            yield from _reconciled(seen, list(reconciled), code)


def _charities(session: Session, seen: MonthView) -> Iterator[Blocker]:
    """Each payment to a charity has an official receipt that the other charity has looked at."""
    for paid in charity_receipts.payments(session, seen.book):
        if paid.period != str(seen.month):
            continue
        charity = seen.parties.get(paid.charity, Text(paid.charity, paid.charity))
        values: dict[str, Value] = {"voucher": paid.number, "charity": charity}
        if paid.open_fen:
            yield Blocker(N_("{charity}还没有为 {voucher} 登记票据"), values, "registers/receipts")
        elif any(one.decision != "agree" for one in paid.receipts):
            yield Blocker(N_("{voucher} 的票据还没有经另一家交叉复核"), values, "registers/receipts")


def _findings(session: Session, seen: MonthView) -> Iterator[Blocker]:
    for one in findings.lines(session, seen):
        if one.severity == "high" and not one.outcome:
            name = Text(fill(one.name, {}, "zh"), fill(one.name, {}, "en"))
            yield Blocker(
                N_("{where}：{name}，还没有处理结果"), {"where": one.where, "name": name}, "exceptions/"
            )


def _trial(seen: MonthView, bank: BankReconciliation | None) -> Iterator[Blocker]:
    for check in section_checks.checks(seen, bank):
        if check.difference_fen:
            label = Text(fill(check.label, {}, "zh"), fill(check.label, {}, "en"))
            yield Blocker(
                N_("勾稽关系 {number}（{label}）不成立"),
                {"number": check.number, "label": label},
                f"{seen.month}",
            )


def record(found: tuple[Item, ...], notes: dict[str, str]) -> list[dict[str, str]]:
    """Return the checklist as the close records it; `notes` are the words on soft items that are open."""
    return [
        {
            "item": item.code,
            "state": "done" if item.done else "open",
            "detail": notes.get(item.code, "").strip(),
        }
        for item in found
    ]


def due(found: tuple[Item, ...]) -> list[Item]:
    """Return the hard items that still stand in the way."""
    return [item for item in found if not item.soft and not item.done]
