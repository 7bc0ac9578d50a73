"""Tables of the money's way to the account: tips (§四) and commission (§五)."""

from __future__ import annotations

from ledger.statement import MonthlyStatement
from ledger.words import N_
from reports.tables import Column, Row, Table, total_row
from reports.wording import Wording


def tips(statement: MonthlyStatement, words: Wording) -> Table:
    """§四: from gross tips to the supervised account, with what is still on the way."""
    flow = statement.tips
    minus = -1
    left = sum(fen for _, fen in (*flow.awaiting, *flow.wallets))
    since = words(N_("自 {day} 起，{days} 天"), day=words.day(flow.in_hands_since), days=flow.in_hands_days)
    columns = (
        Column(words(N_("项目")), wide=1.2),
        Column(words(N_("本月")), "money", summed=True),
        Column(words(N_("本年累计")), "money"),
        Column(words(N_("说明")), wide=1),
    )
    rows = (
        Row((words(N_("（一）从总额到净额")),), kind="heading"),
        Row((words(N_("打赏总额（已扣退款）")), flow.gross_fen, flow.gross_year_fen, "")),
        Row((words(N_("减：平台分成")), flow.share_fen, flow.share_year_fen, ""), sign=minus),
        Row((words(N_("减：公会服务费")), flow.guild_fen, None, ""), sign=minus),
        Row((words(N_("打赏净额")), flow.net_fen, None, ""), kind="total"),
        Row((words(N_("（二）净额去向")),), kind="heading"),
        Row((words(N_("期初：平台待结算")), flow.opening_awaiting_fen, None, "")),
        Row((words(N_("期初：平台可提现余额")), flow.opening_wallet_fen, None, "")),
        Row((words(N_("加：本月打赏净额")), flow.net_fen, None, "")),
        Row(
            (
                words(N_("减：提现至主播个人卡")),
                flow.to_card_fen,
                flow.withdrawn_year_fen,
                words(N_("税后实到")),
            ),
            sign=minus,
        ),
        Row((words(N_("减：提现至机构账户")), flow.to_institution_fen, None, ""), sign=minus),
        Row((words(N_("减：平台代扣个人所得税")), flow.tax_fen, flow.tax_year_fen, ""), sign=minus),
        Row((words(N_("期末：仍在平台")), left, None, ""), kind="total"),
        *(
            Row((words(N_("其中：{place} 待结算"), place=words.name(name)), fen, None, ""), kind="memo")
            for name, fen in flow.awaiting
            if fen
        ),
        *(
            Row((words(N_("其中：{place} 可提现"), place=words.name(name)), fen, None, ""), kind="memo")
            for name, fen in flow.wallets
            if fen
        ),
        Row((words(N_("（三）主播代收到上缴")),), kind="heading"),
        Row((words(N_("期初：主播代收待缴")), flow.opening_in_hands_fen, None, "")),
        Row((words(N_("加：提现至主播个人卡")), flow.to_card_fen, None, "")),
        Row(
            (words(N_("减：已上缴监管专户")), flow.handed_over_fen, flow.handed_over_year_fen, ""), sign=minus
        ),
        Row(
            (words(N_("期末：主播代收待缴")), flow.in_hands_fen, None, since if flow.in_hands_fen else ""),
            kind="total",
        ),
    )
    return Table("tips", "四", words(N_("四、打赏资金流向表")), columns, rows)


def commission(statement: MonthlyStatement, words: Wording) -> Table:
    """§五: commission from settlement to what arrived; estimates are memo."""
    facts = statement.commission
    columns = (
        Column(words(N_("项目")), wide=1),
        Column(words(N_("笔数")), "count"),
        Column(words(N_("金额")), "money", summed=True),
    )
    rows = (
        Row((words(N_("已结算佣金（总佣金）")), "", facts.settled_fen)),
        Row((words(N_("减：平台技术服务费")), "", facts.settled_fee_fen), sign=-1),
        Row((words(N_("加：结算后退款追扣的佣金（红字）")), "", facts.clawback_fen)),
        Row((words(N_("减：追扣退回的技术服务费（红字）")), "", facts.clawback_fee_fen), sign=-1),
        Row((words(N_("佣金净额")), "", facts.net_fen), kind="total"),
        Row((words(N_("本月实际到账")), "", facts.received_fen), kind="memo"),
        Row((words(N_("备查（不计入本账收入）")),), kind="heading"),
        Row((words(N_("成交额")), "", facts.gmv_fen), kind="memo"),
        Row((words(N_("退款成交额")), "", facts.gmv_refund_fen), kind="memo"),
        Row(
            (words(N_("未结算订单的预估佣金")), facts.unsettled_orders, facts.unsettled_estimate_fen),
            kind="memo",
        ),
        Row(
            (words(N_("已退款订单的预估佣金")), facts.refunded_orders, facts.refunded_estimate_fen),
            kind="memo",
        ),
    )
    return Table("commission", "五", words(N_("五、带货佣金明细")), columns, rows)


def products(statement: MonthlyStatement, words: Wording) -> Table:
    """§五: commission by shop and product; no buyer data."""
    columns = (
        Column(words(N_("店铺（合作社）")), wide=1),
        Column(words(N_("商品")), wide=1),
        Column(words(N_("订单数")), "count", summed=True),
        Column(words(N_("成交额（备查）")), "money", summed=True),
        Column(words(N_("佣金")), "money", summed=True),
        Column(words(N_("技术服务费")), "money", summed=True),
        Column(words(N_("净额")), "money", summed=True),
    )
    rows = tuple(
        Row(
            (
                line.shop,
                line.product,
                line.orders,
                line.gmv_fen,
                line.commission_fen,
                line.fee_fen,
                line.net_fen,
            )
        )
        for line in statement.commission.products
    )
    if rows:
        rows += (total_row(words(N_("合计")), columns, rows),)
    return Table(
        "products",
        "五",
        words(N_("五（附一）、按店铺和商品汇总")),
        columns,
        rows,
        balances=((0, 0, 0, 0, 1, -1, -1),),
        empty=words(N_("本月没有已结算的带货订单。")),
    )
