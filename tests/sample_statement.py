"""A full MonthlyStatement for 示例县, March 2026, built from the worked month's thirty vouchers.

The trial balance, voucher list and sums are computed from the postings below;
only what no posting says (titles, hosts, counts) is written out by hand.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta

from ledger.months import CHINA, Month
from ledger.sections import (
    AttachmentLine,
    BroadcastLine,
    Check,
    Commission,
    Correction,
    ExceptionLine,
    GrantLine,
    Metric,
    PartyLine,
    PendingItem,
    ProductLine,
    RefundLine,
    SignerLine,
    SpendingLine,
    StatementLine,
    TipFlow,
    TrialLine,
    VoucherLine,
)
from ledger.statement import BookFacts, MonthlyStatement, Summary
from ledger.words import Text
from tests import sample_sections as more

POSTINGS = """
记-0001 2026-03-03 TIP_GROSS B1 抖音打赏总额 86400单位 | 借 1122.01 8,640.00 ; 贷 4901.01 8,640.00
记-0002 2026-03-03 PLATFORM_SHARE B1 平台分成50% | 借 5401.01 4,320.00 ; 贷 1122.01 4,320.00
记-0003 2026-03-10 TIP_GROSS B2 抖音打赏总额 52350单位 | 借 1122.01 5,235.00 ; 贷 4901.01 5,235.00
记-0004 2026-03-10 PLATFORM_SHARE B2 平台分成50% | 借 5401.01 2,617.50 ; 贷 1122.01 2,617.50
记-0005 2026-03-12 TIP_SETTLE 抖音 B1+B2 转可提现 | 借 1009.01 6,937.50 ; 贷 1122.01 6,937.50
记-0006 2026-03-12 ALLOCATE 分配决议 2026-03号 | 借 3102.01 20,000.00 ; 贷 3102.02 12,000.00 ; 贷 3102.03 8,000.00
记-0007 2026-03-13 GRANT_PAY 拨付县红十字会 | 借 1122.31 12,000.00 ; 贷 1002.01 12,000.00
记-0008 2026-03-13 GRANT_PAY 拨付县慈善总会 | 借 1122.32 8,000.00 ; 贷 1002.01 8,000.00
记-0009 2026-03-15 WITHDRAW 抖音提现至主播个人卡(税前6937.50) | 借 1122.21 6,933.00 ; 借 5901.01 4.50 ; 贷 1009.01 6,937.50
记-0010 2026-03-16 HANDOVER 主播个人卡转入监管专户 | 借 1002.01 6,933.00 ; 贷 1122.21 6,933.00
记-0011 2026-03-18 TIP_GROSS B3 快手打赏总额 31500单位 | 借 1122.02 3,150.00 ; 贷 4901.01 3,150.00
记-0012 2026-03-18 PLATFORM_SHARE B3 平台分成50% | 借 5401.01 1,575.00 ; 贷 1122.02 1,575.00
记-0013 2026-03-19 UNIDENTIFIED 个人汇入 无附言 | 借 1002.01 200.00 ; 贷 2209.01 200.00
记-0014 2026-03-20 SPEND 红会 暖冬包采购(误记9680.00) | 借 5101.01 9,680.00 ; 贷 1122.31 9,680.00
记-0015 2026-03-21 BANK_FEE 网银汇款手续费(按季扣收) | 借 5401.04 5.00 ; 贷 1002.01 5.00
记-0016 2026-03-21 REVERSAL 注销2026年3月20日记-0014号凭证(红字) | 借 5101.01 -9,680.00 ; 贷 1122.31 -9,680.00
记-0017 2026-03-21 SPEND 订正2026年3月20日记-0014号凭证 红会暖冬包采购 | 借 5101.01 9,860.00 ; 贷 1122.31 9,860.00
记-0018 2026-03-21 INTEREST 一季度结息 | 借 1002.01 3.26 ; 贷 4901.03 3.26
记-0019 2026-03-22 SPEND 慈善总会 助学金16人×500.00 | 借 5101.02 8,000.00 ; 贷 1122.32 8,000.00
记-0020 2026-03-24 COMMISSION 抖音带货 结算总佣金 | 借 1122.11 5,480.00 ; 贷 4301.01 5,480.00
记-0021 2026-03-24 TECH_FEE 平台技术服务费 | 借 5401.03 548.00 ; 贷 1122.11 548.00
记-0022 2026-03-24 COMM_SETTLE 佣金转可提现 | 借 1009.11 4,932.00 ; 贷 1122.11 4,932.00
记-0023 2026-03-25 TIP_GROSS B4 抖音打赏总额 120005单位 | 借 1122.01 12,000.50 ; 贷 4901.01 12,000.50
记-0024 2026-03-25 PLATFORM_SHARE B4 平台分成50% | 借 5401.01 6,000.25 ; 贷 1122.01 6,000.25
记-0025 2026-03-26 REFUND_COMM 结算后退款 佣金追扣 | 借 1009.11 -58.50 ; 借 5401.03 -6.50 ; 贷 4301.01 -65.00
记-0026 2026-03-27 WITHDRAW 佣金提现至监管专户(对公) | 借 1002.01 4,873.50 ; 贷 1009.11 4,873.50
记-0027 2026-03-27 TIP_SETTLE 抖音 B4 转可提现 | 借 1009.01 6,000.25 ; 贷 1122.01 6,000.25
记-0028 2026-03-28 REFUND_TIP B1 未成年人打赏退款 | 借 1009.01 -150.00 ; 借 5401.01 -150.00 ; 贷 4901.01 -300.00
记-0029 2026-03-30 TIP_SETTLE 快手 B3 转可提现 | 借 1009.02 1,575.00 ; 贷 1122.02 1,575.00
记-0030 2026-03-31 WITHDRAW 抖音提现至主播个人卡(税前5850.25) | 借 1122.21 5,709.84 ; 借 5901.01 140.41 ; 贷 1009.01 5,850.25
"""

ACCOUNTS = {
    "1002.01": Text("银行存款—公益监管专户", "Bank: supervised special account"),
    "1009.01": Text("其他货币资金—抖音可提现余额", "Wallet: Douyin withdrawable balance"),
    "1009.02": Text("其他货币资金—快手可提现余额", "Wallet: Kuaishou withdrawable balance"),
    "1009.11": Text("其他货币资金—抖音佣金可提现余额", "Wallet: Douyin commission"),
    "1122.01": Text("其他应收款—抖音待结算打赏", "Receivable: Douyin tips awaiting settlement"),
    "1122.02": Text("其他应收款—快手待结算打赏", "Receivable: Kuaishou tips awaiting settlement"),
    "1122.11": Text("其他应收款—平台待结算佣金", "Receivable: commission awaiting settlement"),
    "1122.21": Text("其他应收款—主播代收待缴", "Receivable: held by streamer, to be handed over"),
    "1122.31": Text(
        "其他应收款—拨付待核销（县红十字会）", "Receivable: grant to Red Cross awaiting acquittal"
    ),
    "1122.32": Text("其他应收款—拨付待核销（县慈善总会）", "Receivable: grant to Charity Federation"),
    "2209.01": Text("其他应付款—暂收待查款", "Payable: unidentified receipts"),
    "3102.01": Text("限定性净资产—公益直播基金（待分配）", "Restricted fund: to be allocated"),
    "3102.02": Text("限定性净资产—县红十字会项目", "Restricted fund: Red Cross projects"),
    "3102.03": Text("限定性净资产—县慈善总会项目", "Restricted fund: Charity Federation projects"),
    "4301.01": Text("提供服务收入—带货佣金（总佣金）", "Income: sales commission (gross)"),
    "4901.01": Text("其他收入—直播打赏（总额）", "Income: livestream tips (gross)"),
    "4901.03": Text("其他收入—利息", "Income: interest"),
    "5101.01": Text("业务活动成本—县红十字会项目", "Spending: Red Cross projects"),
    "5101.02": Text("业务活动成本—县慈善总会项目", "Spending: Charity Federation projects"),
    "5401.01": Text("筹资费用—平台分成（打赏）", "Cost: platform share of tips"),
    "5401.03": Text("筹资费用—平台技术服务费（带货）", "Cost: platform technical service fee"),
    "5401.04": Text("筹资费用—手续费", "Cost: bank fees"),
    "5901.01": Text("其他费用—平台代扣个人所得税", "Cost: income tax withheld by platform"),
}
KINDS = {
    "TIP_GROSS": Text("打赏总额", "Gross tips"),
    "PLATFORM_SHARE": Text("平台分成", "Platform share"),
    "TIP_SETTLE": Text("打赏结算", "Tips settled"),
    "ALLOCATE": Text("分配", "Allocation"),
    "GRANT_PAY": Text("拨付", "Disbursement"),
    "WITHDRAW": Text("提现", "Withdrawal"),
    "HANDOVER": Text("上缴", "Hand-over"),
    "UNIDENTIFIED": Text("暂收待查", "Unidentified receipt"),
    "SPEND": Text("公益支出", "Spending"),
    "BANK_FEE": Text("银行手续费", "Bank fee"),
    "REVERSAL": Text("红字冲销", "Red-letter reversal"),
    "INTEREST": Text("结息", "Interest"),
    "COMMISSION": Text("带货佣金", "Commission"),
    "TECH_FEE": Text("技术服务费", "Technical service fee"),
    "COMM_SETTLE": Text("佣金结算", "Commission settled"),
    "REFUND_COMM": Text("佣金追扣", "Commission claw-back"),
    "REFUND_TIP": Text("打赏退款", "Tip refund"),
}
BROADCASTS = {"B1": "2026-0001", "B2": "2026-0002", "B3": "2026-0003", "B4": "2026-0004"}
DOUYIN, KUAISHOU = Text("抖音", "Douyin"), Text("快手", "Kuaishou")
REDCROSS = Text("示例县红十字会", "Shili County Red Cross")
CHARITY = Text("示例县慈善总会", "Shili County Charity Federation")
DISCIPLINE = Text("示例县纪委监委", "Shili County Discipline Inspection and Supervision Committee")

Posting = tuple[str, str, int]
"""(side, account, fen)."""


def digest(text: str) -> str:
    """Return a made-up but stable digest."""
    return hashlib.sha256(text.encode()).hexdigest()


def at(text: str) -> datetime:
    """Return a moment in China time from `2026-03-03 20:00`."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)


def parsed() -> list[tuple[str, date, str, str, list[Posting]]]:
    """Return (number, date, kind, summary, postings) for each voucher."""
    found = []
    for line in POSTINGS.strip().splitlines():
        head, _, tail = line.partition(" | ")
        number, day, kind, summary = head.split(" ", 3)
        postings = []
        for part in tail.split(" ; "):
            side, account, amount = part.split()
            postings.append((side, account, int(amount.replace(",", "").replace(".", ""))))
        found.append((number, date.fromisoformat(day), kind, summary, postings))
    return found


def trial() -> tuple[TrialLine, ...]:
    """Return the trial balance before close, computed from the postings."""
    opening = {"1002.01": 2_000_000, "3102.01": -2_000_000}
    debit, credit = dict.fromkeys(ACCOUNTS, 0), dict.fromkeys(ACCOUNTS, 0)
    for *_, postings in parsed():
        for side, account, fen in postings:
            (debit if side == "借" else credit)[account] += fen
    return tuple(
        TrialLine(
            code,
            name,
            opening.get(code, 0),
            debit[code],
            credit[code],
            opening.get(code, 0) + debit[code] - credit[code],
        )
        for code, name in ACCOUNTS.items()
    )


def vouchers() -> tuple[VoucherLine, ...]:
    """Return the voucher list; a platform's income asks the Red Cross only to acknowledge."""
    lines = []
    for number, day, kind, summary, postings in parsed():
        amount = sum(fen for side, _, fen in postings if side == "借")
        lead = summary.split(" ")[0]
        decisions = [("redcross", "agree"), ("charity", "agree"), ("discipline", "no-irregularity")]
        if number > "记-0026":
            decisions = [("redcross", "agree"), ("charity", ""), ("discipline", "")]
        state = {"记-0014": "reversed"}.get(number, "pending" if number > "记-0026" else "agreed")
        lines.append(
            VoucherLine(
                number,
                day,
                KINDS[kind],
                summary,
                amount,
                BROADCASTS.get(lead, ""),
                2 if kind == "SPEND" else 1,
                tuple(decisions),
                state,
                digest(number),
            )
        )
    return tuple(lines)


def statement_lines() -> tuple[StatementLine, ...]:
    """Return §二 from the trial balance: income, deductions, spending, assets, liabilities, fund."""
    balances = {line.code: line for line in trial()}
    fund_moves = {"3102.01": -91_040, "3102.02": 214_000, "3102.03": 0}
    groups = (
        ("income", ("4301.01", "4901.01", "4901.03"), "收入合计", "Total income"),
        ("deduction", ("5401.01", "5401.03", "5401.04", "5901.01"), "扣减合计", "Total deductions"),
        ("spending", ("5101.01", "5101.02"), "公益支出合计", "Total spending"),
        ("asset", ("1002.01", "1009.02", "1122.21", "1122.31"), "资产合计", "Total assets"),
        ("liability", ("2209.01",), "负债合计", "Total liabilities"),
        ("fund", tuple(fund_moves), "公益资金合计", "Total fund"),
    )
    lines: list[StatementLine] = []
    for group, codes, zh, en in groups:
        part = []
        for code in codes:
            line = balances[code]
            opening: int | None = None
            closing: int | None = None
            year: int | None = abs(line.closing_fen)
            month = abs(line.closing_fen)
            if group in ("asset", "liability"):
                opening, closing, year = abs(line.opening_fen), abs(line.closing_fen), None
                month = closing - opening
            if group == "fund":
                opening, month, year = abs(line.opening_fen), fund_moves[code], None
                closing = opening + month
            part.append(StatementLine(group, code, line.name, opening, month, year, closing))
        lines += [*part, _total(group, Text(zh, en), part)]
    return tuple(lines)


def _total(group: str, name: Text, part: list[StatementLine]) -> StatementLine:
    def added(values: list[int | None]) -> int | None:
        return None if None in values else sum(value or 0 for value in values)

    return StatementLine(
        group,
        "",
        name,
        added([line.opening_fen for line in part]),
        sum(line.month_fen for line in part),
        added([line.year_fen for line in part]),
        added([line.closing_fen for line in part]),
        total=True,
    )


def broadcasts() -> tuple[BroadcastLine, ...]:
    """Return four broadcasts with income and one that declared zero."""
    rows = (
        (
            "2026-0001",
            "春耕助农专场",
            "2026-03-03 20:00",
            190,
            ((DOUYIN, "slxgyzb"),),
            86_400,
            "音浪",
            864_000,
            864_000,
            -30_000,
            3_120_000,
            198_000,
            "",
            ("记-0001", "记-0002", "记-0028"),
        ),
        (
            "2026-0002",
            "牧区风物与非遗讲解",
            "2026-03-10 20:00",
            160,
            ((DOUYIN, "slxgyzb"),),
            52_350,
            "音浪",
            520_000,
            523_500,
            0,
            2_410_000,
            152_000,
            "平台次日补计连击礼物 35.00 元，已附平台截图",
            ("记-0003", "记-0004"),
        ),
        (
            "2026-0003",
            "科局长直播：社会救助政策",
            "2026-03-18 15:00",
            60,
            ((KUAISHOU, "示例县政府"), (KUAISHOU, "示例县民政局")),
            31_500,
            "黄钻",
            315_000,
            315_000,
            0,
            0,
            0,
            "",
            ("记-0011", "记-0012"),
        ),
        (
            "2026-0004",
            "暖冬包公益专场",
            "2026-03-25 20:00",
            150,
            ((DOUYIN, "slxgyzb"),),
            120_005,
            "音浪",
            1_200_050,
            1_200_050,
            0,
            3_112_000,
            191_500,
            "",
            ("记-0023", "记-0024"),
        ),
    )
    lines = []
    for (
        number,
        title,
        start,
        minutes,
        accounts,
        units,
        unit,
        told,
        gross,
        refund,
        gmv,
        earned,
        why,
        books,
    ) in rows:
        begin = at(start)
        share = gross // 2
        seen = Metric(
            "观看人次", "人次", 31_300 + units % 97, accounts[0][1], begin + timedelta(minutes=minutes)
        )
        liked = Metric("点赞", "次", 4_476, accounts[-1][1], begin + timedelta(minutes=minutes))
        lines.append(
            BroadcastLine(
                number,
                title,
                begin,
                begin + timedelta(minutes=minutes),
                accounts,
                "示例县文旅局",
                "张某某",
                units,
                unit,
                told,
                gross,
                share,
                gross - share,
                refund,
                gmv,
                earned,
                earned // 10,
                False,
                gross - told,
                why,
                books,
                3,
                (seen, liked),
            )
        )
    begin = at("2026-03-31 15:00")
    lines.append(
        BroadcastLine(
            "2026-0005",
            "科局长直播：春灌与草畜平衡",
            begin,
            begin + timedelta(minutes=60),
            ((KUAISHOU, "示例县政府"), (KUAISHOU, "示例县水利局")),
            "示例县水利局",
            "李某",
            0,
            "黄钻",
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            True,
            0,
            "",
            (),
            2,
            (),
        )
    )
    return tuple(lines)


def checks() -> tuple[Check, ...]:
    """Return the nine equations of the worked month."""
    return (
        Check(
            1,
            "试算平衡：期末借方合计＝期末贷方合计",
            (("借方余额合计", 5_434_376),),
            "贷方余额合计",
            5_434_376,
        ),
        Check(2, "本月净收入", (("本月收入", 3_414_376), ("本月扣减", -1_505_416)), "本月净收入", 1_908_960),
        Check(
            3,
            "公益资金增减",
            (("期初公益资金结余", 2_000_000), ("本月净收入", 1_908_960), ("本月公益支出", -1_786_000)),
            "期末公益资金结余",
            2_122_960,
        ),
        Check(
            4,
            "资金在哪里",
            (
                ("银行存款", 1_200_476),
                ("平台可提现余额", 157_500),
                ("主播代收待缴", 570_984),
                ("拨付待核销", 214_000),
                ("暂收待查款", -20_000),
            ),
            "期末公益资金结余",
            2_122_960,
        ),
        Check(
            5,
            "资金归谁用",
            (("待分配", 1_908_960), ("县红十字会项目", 214_000), ("县慈善总会项目", 0)),
            "期末公益资金结余",
            2_122_960,
        ),
        Check(
            6,
            "打赏资金流向",
            (
                ("打赏总额", 2_872_550),
                ("平台分成", -1_436_275),
                ("提现至主播个人卡", -1_264_284),
                ("平台代扣个人所得税", -14_491),
            ),
            "平台可提现余额",
            157_500,
        ),
        Check(7, "带货佣金到账", (("佣金总额", 541_500), ("平台技术服务费", -54_150)), "银行到账", 487_350),
        Check(
            8,
            "银行存款",
            (
                ("期初银行存款", 2_000_000),
                ("拨付", -2_000_000),
                ("主播上缴", 693_300),
                ("暂收待查款", 20_000),
                ("利息", 326),
                ("手续费", -500),
                ("佣金到账", 487_350),
            ),
            "期末银行存款",
            1_200_476,
        ),
        Check(
            9,
            "红字冲销：5101.01 发生额",
            (("原凭证", 968_000), ("红字冲销", -968_000), ("更正凭证", 986_000)),
            "本月发生额",
            986_000,
        ),
    )


def parties() -> tuple[PartyLine, ...]:
    """Return the three institutions; the discipline committee gives an opinion, no approval."""
    signer = SignerLine("王某", "县红十字会副会长", "sealed-key", digest("王某"), 30, at("2026-04-02 09:41"))
    paper = SignerLine("赵某", "县慈善总会秘书长", "paper", "", 26, at("2026-04-02 16:05"))
    reviewer = SignerLine(
        "陈某", "第二纪检监察室干部", "sealed-key", digest("陈某"), 26, at("2026-04-03 10:12")
    )
    return (
        PartyLine(
            "redcross",
            REDCROSS,
            "我会本期收到公益直播款 12,000.00 元，用于暖冬包项目 9,860.00 元，结余 2,140.00 元，"
            "与我会账簿一致；经交叉复核，慈善总会项目支出凭证齐全、金额相符。",
            30,
            30,
            0,
            0,
            0,
            (signer,),
        ),
        PartyLine(
            "charity",
            CHARITY,
            "经核对，本期专账与银行对账单、票据、凭证相符（本会项目除外）。",
            30,
            26,
            0,
            0,
            4,
            (paper,),
        ),
        PartyLine(
            "discipline",
            DISCIPLINE,
            "已就程序合规、职责分离、上缴时限和异常说明进行监督，出具监督意见；本意见不是对金额的批准。",
            30,
            26,
            0,
            0,
            4,
            (reviewer,),
        ),
    )


def spending() -> tuple[SpendingLine, ...]:
    """Return the two acts of spending."""
    return (
        SpendingLine(
            date(2026, 3, 21), "记-0017", REDCROSS, "暖冬包发放", "示例镇", 58, "某商贸公司", 986_000, 2
        ),
        SpendingLine(
            date(2026, 3, 22),
            "记-0019",
            CHARITY,
            "助学金（16人×500.00元）",
            "示例县",
            16,
            "受助学生（脱敏）",
            800_000,
            2,
        ),
    )


def grants() -> tuple[GrantLine, ...]:
    """Return the resolution and the two payments."""
    allocate, paid = Text("分配决议", "Allocation resolution"), Text("拨付", "Disbursement")
    resolution = "分配决议 2026-03 号"
    twelfth, thirteenth = date(2026, 3, 12), date(2026, 3, 13)
    return (
        GrantLine(twelfth, "记-0006", allocate, REDCROSS.zh, "暖冬包项目", resolution, 1_200_000),
        GrantLine(twelfth, "记-0006", allocate, CHARITY.zh, "助学项目", resolution, 800_000),
        GrantLine(thirteenth, "记-0007", paid, REDCROSS.zh, "暖冬包项目", "银行流水 12345678", 1_200_000),
        GrantLine(thirteenth, "记-0008", paid, CHARITY.zh, "助学项目", "银行流水 12345679", 800_000),
    )


def sample() -> MonthlyStatement:
    """Return the whole statement."""
    day = date(2026, 3, 31)
    commission = Commission(
        8_642_000,
        130_000,
        548_000,
        54_800,
        -6_500,
        -650,
        487_350,
        487_350,
        12,
        4_308,
        9,
        5_760,
        (
            ProductLine("示例县粮油旗舰店", "高山菜籽油5L", 311, 3_980_800, 199_040, 19_904, 179_136),
            ProductLine("示例县粉条厂", "土豆粉条2kg", 420, 1_680_000, 168_000, 16_800, 151_200),
            ProductLine("示例县牧业合作社", "风干牛肉250g", 290, 1_740_000, 139_200, 13_920, 125_280),
            ProductLine("示例县挂面厂", "挂面礼盒", 141, 1_241_200, 35_260, 3_526, 31_734),
        ),
    )
    flow = TipFlow(
        0,
        0,
        0,
        2_872_550,
        1_436_275,
        0,
        1_436_275,
        14_491,
        1_264_284,
        0,
        ((DOUYIN, 0), (KUAISHOU, 0)),
        ((DOUYIN, 0), (KUAISHOU, 157_500)),
        693_300,
        570_984,
        day,
        0,
        2_872_550,
        1_436_275,
        14_491,
        1_264_284,
        693_300,
    )
    return MonthlyStatement(
        BookFacts(
            "demo",
            Text("示例县公益直播专账", "Shili County public-welfare livestream account"),
            Text("示例县", "Shili County"),
            Text("示例县农旅公司", "Shili County Agritourism Company"),
            "sunbook/demo/5f2c91aa03be7d10",
        ),
        Month(2026, 3),
        "SX-2026-03",
        1,
        datetime(2026, 4, 3, 11, 20, tzinfo=CHINA),
        214,
        digest("root"),
        "https://shaizhang.example/r/SX-2026-03",
        Summary(
            2_000_000,
            3_414_376,
            1_505_416,
            1_908_960,
            2_000_000,
            2_000_000,
            1_786_000,
            2_122_960,
            5,
            1,
            30,
            1,
            2,
            962_484,
            True,
        ),
        statement_lines(),
        broadcasts(),
        flow,
        commission,
        grants(),
        spending(),
        (
            PendingItem(
                *("主播代收待缴", "1122.21", "3 月 31 日提现，尚未转入监管专户", 570_984, day, 0, 0),
                *("张某某", date(2026, 4, 3)),
            ),
            PendingItem(
                "暂收待查款", "2209.01", "个人汇入，无附言", 20_000, date(2026, 3, 19), 12, 8, "李某"
            ),
            PendingItem(
                *(
                    "拨付未用结余",
                    "1122.31",
                    "县红十字会暖冬包项目",
                    214_000,
                    date(2026, 3, 13),
                    18,
                    12,
                    REDCROSS,
                ),
                date(2026, 4, 13),
            ),
            PendingItem("平台可提现余额", "1009.02", "快手，尚未提现", 157_500, date(2026, 3, 30), 1),
        ),
        (
            Correction(
                "记-0014",
                date(2026, 3, 20),
                "记-0016",
                "记-0017",
                "发票金额 9,860.00 元误记为 9,680.00 元",
                968_000,
                986_000,
            ),
        ),
        (
            RefundLine(date(2026, 3, 26), "记-0025", KINDS["REFUND_COMM"], "", -6_500, -650),
            RefundLine(date(2026, 3, 28), "记-0028", KINDS["REFUND_TIP"], "2026-0001", -30_000, -15_000),
        ),
        (
            ExceptionLine(
                "场次 {broadcast} 申报与结算相差 {amount} 元，已附说明。",
                (("broadcast", "2026-0002"), ("amount", "35.00")),
                "2026-0002",
            ),
            ExceptionLine("主播个人账户收款：{host}，提现后应及时上缴。", (("host", "张某某"),), "1122.21"),
        ),
        (),
        trial(),
        checks(),
        vouchers(),
        parties(),
        tuple(
            AttachmentLine(
                line.number, f"{line.number} 附件{n}.jpg", 181_204 + 977 * n, digest(f"{line.number}/{n}")
            )
            for line in vouchers()
            for n in range(1, line.attachments + 1)
        ),
        three_way=more.three_way(),
        reconciliations=more.reconciliations(),
        tie_out=more.tie_out(),
        agreements=more.agreements(),
        receipts=more.receipts(),
        goods=more.goods(),
        costs=more.costs(),
        activities=more.activities(),
        findings=more.findings(),
        disclosures=more.disclosures(),
        close=more.close(ACCOUNTS),
        cumulative=more.cumulative(),
    )
