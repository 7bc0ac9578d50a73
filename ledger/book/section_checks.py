"""The nine check equations (勾稽关系): each side computed on its own way, so that they can disagree."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.book import section_money
from ledger.book.month import MonthView
from ledger.sections import Check
from ledger.sections_welfare import BankReconciliation
from ledger.words import N_, Text

Terms = tuple[tuple[str | Text, int], ...]


def checks(seen: MonthView, reconciled: BankReconciliation | None = None) -> tuple[Check, ...]:
    """Return the nine checks of the month, in the report's order.

    With the supervised account's reconciliation the bank check compares the adjusted balances.
    """
    made = (
        trial_balance(seen),
        net_of_month(seen),
        fund_forward(seen),
        where_it_is(seen),
        whose_it_is(seen),
        tip_waterfall(seen),
        commission_to_bank(seen),
        bank(seen, reconciled),
        red_letters(seen),
    )
    return tuple(
        Check(number, label, terms, expected_label, expected)
        for number, (label, terms, expected_label, expected) in enumerate(made, start=1)
    )


Made = tuple[str, Terms, str, int]


def _nonzero(terms: Iterable[tuple[str | Text, int]]) -> Terms:
    return tuple((label, fen) for label, fen in terms if fen)


def trial_balance(seen: MonthView) -> Made:
    """Debit balances equal credit balances, before close."""
    closing = [moved.closing_fen for moved in seen.movements.values()]
    debit, credit = sum(fen for fen in closing if fen > 0), -sum(fen for fen in closing if fen < 0)
    return N_("试算平衡"), ((N_("借方余额合计"), debit),), N_("贷方余额合计"), credit


def _held(seen: MonthView, *, opening: bool = False) -> int:
    """Assets less liabilities: where the fund is, as against whose it is."""
    codes = (*seen.of_type("asset"), *seen.of_type("liability"))
    return sum(seen.moved(code).opening_fen if opening else seen.moved(code).closing_fen for code in codes)


def net_of_month(seen: MonthView) -> Made:
    """Income less deductions is the growth of what is held, spending added back."""
    fund = section_money.fund(seen)
    grown = _held(seen) - _held(seen, opening=True) + fund.spent_fen
    terms = ((N_("本月收入"), fund.income_fen), (N_("本月扣除"), -fund.deductions_fen))
    return N_("收入 − 扣除 = 本月净收入"), terms, N_("资产净增加 + 公益支出"), grown


def fund_forward(seen: MonthView) -> Made:
    """Opening fund and net of the month less spending is the closing fund."""
    fund = section_money.fund(seen)
    terms = (
        (N_("期初公益资金"), fund.opening_fen),
        (N_("本月净收入"), fund.income_fen - fund.deductions_fen),
        (N_("公益支出"), -fund.spent_fen),
    )
    return N_("期初 + 净收入 − 支出 = 期末公益资金"), terms, N_("期末公益资金"), _held(seen)


def where_it_is(seen: MonthView) -> Made:
    """The fund by the places where it lies."""
    codes = (*seen.of_type("asset"), *seen.of_type("liability"))
    terms = _nonzero((seen.chart.account(code).name, seen.moved(code).closing_fen) for code in codes)
    return N_("资金在哪里"), terms, N_("期末公益资金"), section_money.fund(seen).closing_fen


def whose_it_is(seen: MonthView) -> Made:
    """The fund by what it is for."""
    terms = tuple(
        (seen.chart.account(code).name, closing)
        for code, (_, closing) in section_money.fund_after_close(seen).items()
    )
    return N_("资金归属谁"), terms, N_("资产 − 负债"), _held(seen)


def tip_waterfall(seen: MonthView) -> Made:
    """Tips, less share and tax and what is still on the platforms, reached the streamer's card."""
    hands = seen.moved(seen.account("in_hands"))
    platforms = seen.chart.platforms.values()
    on_platform = [code for item in platforms for code in (item.awaiting, item.wallet)]
    net = {
        name: seen.moved(seen.account(name))
        for name in ("tips", "bonus", "share", "guild", "tax", "in_transit", "clawback")
    }
    gross = sum(net[name].credit_fen - net[name].debit_fen for name in ("tips", "bonus"))
    terms = _nonzero(
        (
            (N_("期初平台余额"), sum(seen.moved(code).opening_fen for code in on_platform)),
            (N_("打赏总额"), gross),
            (N_("平台分成"), net["share"].credit_fen - net["share"].debit_fen),
            (N_("公会服务费"), net["guild"].credit_fen - net["guild"].debit_fen),
            (N_("平台代扣个人所得税"), net["tax"].credit_fen - net["tax"].debit_fen),
            (N_("对公提现（在途）"), -net["in_transit"].debit_fen),
            (N_("平台追扣应付"), net["clawback"].credit_fen - net["clawback"].debit_fen),
            (N_("期末平台余额"), -sum(seen.moved(code).closing_fen for code in on_platform)),
        )
    )
    card = hands.credit_fen + hands.closing_fen - hands.opening_fen
    return N_("打赏资金流向"), terms, N_("已上缴 + 主播代收待缴增减"), card


def commission_to_bank(seen: MonthView) -> Made:
    """Commission less fees reached the bank, apart from what is still due or withdrawable."""
    income, fee = seen.moved(seen.account("commission")), seen.moved(seen.account("tech_fee"))
    held = [seen.moved(seen.account(name)) for name in ("commission_due", "commission_wallet")]
    terms = _nonzero(
        (
            (N_("期初待结算与可提现佣金"), sum(m.opening_fen for m in held)),
            (N_("结算佣金（减追扣）"), income.credit_fen - income.debit_fen),
            (N_("技术服务费（减追扣）"), fee.credit_fen - fee.debit_fen),
            (N_("期末待结算与可提现佣金"), -sum(m.closing_fen for m in held)),
        )
    )
    received = [e for e in seen.entries if seen.kind_of[e.idx] == "WITHDRAW_CORP"]
    return N_("佣金到账"), terms, N_("银行收到佣金"), seen.turnover(received, seen.account("bank"))


def bank(seen: MonthView, reconciled: BankReconciliation | None = None) -> Made:
    """Opening balance and every kind of receipt and payment give the statement's closing balance.

    What only one side has so far (银行存款余额调节表) is added to the other one's balance.
    """
    code = seen.account("bank")
    moved = seen.moved(code)
    sums: dict[str, int] = {}
    for entry in seen.entries:
        kind = seen.kind_of[entry.idx]
        sums[kind] = sums.get(kind, 0) + seen.turnover([entry], code)
    by_kind = ((seen.chart.type(kind).name, fen) for kind, fen in sums.items() if fen)
    terms: Terms = ((N_("期初银行存款"), moved.opening_fen), *by_kind)
    if reconciled is not None and reconciled.adjusted_statement_fen is not None:
        missing = reconciled.adjusted_book_fen - reconciled.book_fen
        terms = (*terms, (N_("银行已记、本账未记"), missing)) if missing else terms
        label = N_("银行对账单期末余额")
        if reconciled.adjusted_statement_fen != reconciled.statement_fen:
            label = N_("银行对账单调节后余额")
        return N_("银行存款"), terms, label, reconciled.adjusted_statement_fen
    stated = _stated_balance(seen)
    if stated is None:
        return N_("银行存款"), terms, N_("期末账面余额（尚无银行对账单）"), moved.closing_fen
    return N_("银行存款"), terms, N_("银行对账单期末余额"), stated


def _stated_balance(seen: MonthView) -> int | None:
    """Return the closing balance of the month's newest bank statement, if one was received."""
    found = [file for file in seen.files if file.kind == "bank_statement" and file.discarded is None]
    newest = max(found, key=lambda file: (file.last_at, file.idx), default=None)
    if newest is None:
        return None
    return next((item["stated"] for item in newest.controls if item["name"] == "期末余额"), None)


def red_letters(seen: MonthView) -> Made:
    """On the accounts that red letters touch, every voucher together gives the turnover."""
    undone = [entry for entry in seen.entries if entry.reverses is not None]
    codes = {line.account for e in undone for line in seen.lines[e.idx] if line.dc == "D"}
    terms: list[tuple[str | Text, int]] = []
    rest = 0
    family = {e.reverses for e in undone}
    for entry in seen.entries:
        fen = sum(line.fen for line in seen.lines[entry.idx] if line.account in codes and line.dc == "D")
        if fen and (entry.reverses is not None or entry.idx in family or entry.corrects in family):
            terms.append((entry.number, fen))
        else:
            rest += fen
    if rest:
        terms.append((N_("其他凭证"), rest))
    turnover = sum(seen.moved(code).debit_fen for code in codes)
    return N_("红字冲销后的发生额"), tuple(terms), N_("科目本月借方发生额"), turnover
