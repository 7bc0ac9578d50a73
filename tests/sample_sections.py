"""The sections of the sample statement about reconciliation, activities, exceptions, disclosure and the close.

示例县, March 2026: every amount follows from the worked month's vouchers in `tests.sample_statement`.
"""

from __future__ import annotations

from datetime import date, datetime

from ledger.months import CHINA
from ledger.sections_welfare import (
    ActivityLine,
    AgreementLine,
    BankReconciliation,
    Close,
    ClosingVoucher,
    CostLine,
    Cumulative,
    CumulativeLine,
    DisclosureLine,
    Finding,
    GoodsLine,
    OpenLine,
    ReceiptLine,
    ThreeWayLine,
    TieOutLine,
)
from ledger.words import Text

REDCROSS = Text("示例县红十字会", "Shili County Red Cross")
CHARITY = Text("示例县慈善总会", "Shili County Charity Federation")
DOUYIN, KUAISHOU = Text("抖音", "Douyin"), Text("快手", "Kuaishou")
BANK = Text("银行存款—公益监管专户", "Bank: supervised special account")
WALLET = Text("其他货币资金—快手可提现余额", "Wallet: Kuaishou withdrawable balance")


def day(number: int, month: int = 3) -> date:
    """Return a day of 2026."""
    return date(2026, month, number)


def moment(number: int, hour: int, month: int = 4) -> datetime:
    """Return a moment of 2026 in China time."""
    return datetime(2026, month, number, hour, 5, tzinfo=CHINA)


def three_way() -> tuple[ThreeWayLine, ...]:
    """Return eleven flows: all but three agree at once."""
    refund = "未成年人退款 300.00 元，平台次月账单才列示"
    return (
        ThreeWayLine("platform", "打赏总额", DOUYIN, 2_587_550, 2_557_550, None, None, "explained", refund),
        ThreeWayLine("platform", "打赏总额", KUAISHOU, 315_000, 315_000, None, None, "matched"),
        ThreeWayLine("platform", "带货佣金净额", DOUYIN, 487_350, 487_350, None, None, "matched"),
        ThreeWayLine(
            "platform", "可提现余额", KUAISHOU, 160_700, 157_500, None, None, "transit", "次日结算", day(1, 4)
        ),
        ThreeWayLine("bank", "主播上缴", "3 月 16 日转入", None, 693_300, 693_300, None, "matched"),
        ThreeWayLine("bank", "佣金到账", "", None, 487_350, 487_350, None, "matched"),
        ThreeWayLine("bank", "暂收待查款", "", None, 20_000, 20_000, None, "query", "已请开户行协查"),
        ThreeWayLine("bank", "利息与手续费", "", None, -174, -174, None, "matched"),
        ThreeWayLine("charity", "拨付", REDCROSS, None, 1_200_000, 1_200_000, 1_200_000, "matched"),
        ThreeWayLine("charity", "拨付", CHARITY, None, 800_000, 800_000, 800_000, "matched"),
        ThreeWayLine("charity", "公益支出", REDCROSS, None, 986_000, None, 986_000, "matched"),
    )


def reconciliations() -> tuple[BankReconciliation, ...]:
    """Return the supervised account, which agrees at once, and a wallet with lines on both sides."""
    return (
        BankReconciliation("1002.01", BANK, 1_200_476, 1_200_476, 9, ()),
        BankReconciliation(
            "1009.02",
            WALLET,
            155_700,
            157_500,
            1,
            (
                OpenLine("statement", day(31), "连击礼物补计", 3_200, "transit", "次日入账", day(1, 4)),
                OpenLine("book", day(30), "结算尾差", 5_000, "query", "已向平台提交工单", None),
            ),
        ),
    )


def tie_out() -> tuple[TieOutLine, ...]:
    """Return the five broadcasts; the refund on the first was taken from what the fourth had in the wallet."""
    return (
        TieOutLine(
            *("2026-0001", 864_000, 834_000, 834_000, 417_000, 0, 417_000, 280, 0, -15_000, 0, 431_720),
            *("explained", "未成年人退款 300.00 元"),
        ),
        TieOutLine(
            *("2026-0002", 520_000, 523_500, 523_500, 261_750, 0, 261_750, 170, 0, 0, 0, 261_580),
            *("explained", "平台次日补计 35.00 元"),
        ),
        TieOutLine(
            *("2026-0003", 315_000, 315_000, 315_000, 157_500, 0, 157_500, 0, 0, 157_500, 0, 0),
            *("matched", ""),
        ),
        TieOutLine(
            *("2026-0004", 1_200_050, 1_200_050, 1_200_050, 600_025, 0, 600_025, 14_041, 0, 15_000, 570_984),
            *(0, "transit", "4 月 3 日前上缴"),
        ),
        TieOutLine("2026-0005", 0, None, 0, 0, 0, 0, 0, 0, 0, 0, 0, "matched", ""),
    )


def agreements() -> tuple[AgreementLine, ...]:
    """Return an agreement in time and one that was registered after the broadcast."""
    scope = "县级公益直播账号的全部打赏和带货佣金，扣除平台分成和税费后捐出"
    four = tuple(f"2026-000{number}" for number in range(1, 5))
    return (
        AgreementLine(
            *("XY-2026-01", "示例县农旅公司", day(20, 2), day(1), day(31, 12), 10_000, scope, four, ()),
        ),
        AgreementLine(
            *("XY-2026-02", "示例县水利局", day(1, 4), day(31), None, 8_050, "科局长直播打赏"),
            *(("2026-0005",), ("2026-0005",)),
        ),
    )


def receipts() -> tuple[ReceiptLine, ...]:
    """Return a receipt that came and was reviewed, and one still to come."""
    return (
        ReceiptLine(
            *("记-0007", REDCROSS, 1_200_000, day(13), day(17), "63060126", "0000012601", "a1b2c3"),
            "示例县慈善总会 赵某 2026-03-18",
        ),
        ReceiptLine("记-0008", CHARITY, 800_000, day(13), None, "", "", "", ""),
    )


def activities() -> tuple[ActivityLine, ...]:
    """Return the two activities that the month's spending paid for."""
    kits = (("暖冬包（棉被、棉衣）", 58, "套", 986_000),)
    return (
        ActivityLine(
            "HD-2026-01", "暖冬包发放", (REDCROSS.zh, "志愿者爱心团队"), day(21), "示例镇三村", 58,
            "低收入老人和残疾人家庭", kits, 986_000, "某商贸公司", 12, 2_190, "打赏用户留言：给老人添件棉衣",
            ("记-0017",), 986_000, 4,
        ),
        ActivityLine(
            "HD-2026-02", "春季助学金", (CHARITY.zh,), day(22), "示例县第一中学", 16, "困难家庭高中生", (), 0,
            "受助学生", 3, 360, "助学", ("记-0019",), 800_000, 2,
        ),
    )  # fmt: skip


def goods() -> tuple[GoodsLine, ...]:
    """Return what was sold, one of it from a seller with an interest."""
    return (
        GoodsLine("2026-0001", "高山菜籽油5L", "示例县粮油旗舰店", False, "", 0, 500),
        GoodsLine(
            "2026-0002", "风干牛肉250g", "示例县牧业合作社", True, "理事长为主播的亲属，已回避选品", 0, 800
        ),
        GoodsLine("2026-0004", "土豆粉条2kg", "示例县粉条厂", False, "", 20_000, 1_000),
    )


def costs() -> tuple[CostLine, ...]:
    """Return costs that the fund did not bear."""
    return (
        CostLine(day(3), "2026-0001", "推广费", "直播间推广一次", 30_000, "运营单位"),
        CostLine(day(25), "2026-0004", "样品费", "粉条样品 10 份", 16_000, "商家"),
    )


def findings() -> tuple[Finding, ...]:
    """Return five findings in the order of the rules, three with what was said."""
    night = (("broadcast", "2026-0002"), ("amount", "35.00"))
    return (
        Finding(
            "R04", "当晚申报与结算不一致", "middle", "2026-0002", "场次 {broadcast} 申报与结算相差 {amount} 元，已附说明。",
            night, "explained", "平台次日补计连击礼物，截图已附", "李某", moment(1, 9),
        ),
        Finding(
            "R07", "个人账户收款", "low", "slxgyzb", "账号“{handle}”是个人账号，收入先到主播个人卡。",
            (("handle", "slxgyzb"),),
        ),
        Finding(
            "R11", "协议晚于开播", "high", "2026-0005", "场次 {broadcast} 开播后才登记捐赠协议。",
            (("broadcast", "2026-0005"),), "accepted", "水利局 4 月 1 日补签", "张某某", moment(2, 15),
        ),
        Finding(
            "R12", "利益关系", "high", "2026-0002", "供货方“{seller}”与主播有利益关系。",
            (("seller", "示例县牧业合作社"),),
        ),
        Finding(
            "R21", "凭证更正", "low", "记-0014", "凭证 {number} 以红字冲销并更正。", (("number", "记-0014"),),
            "corrected", "发票金额误记，已按发票更正", "陈某", moment(1, 10),
        ),
    )  # fmt: skip


def disclosures() -> tuple[DisclosureLine, ...]:
    """Return duties in each of their states."""
    guide, law = "公益慈善捐助信息公开指引（2011）", "慈善法第七十九条"
    page = "https://shaizhang.example/gs/2026-03"
    return (
        DisclosureLine("收到善款公示", guide, "2 月善款", day(10), day(9), page, "done", working_days=True),
        DisclosureLine("拨付使用公示", guide, "分配决议 2026-03 号", day(13, 4), None, "", "due", working_days=True),
        DisclosureLine("更正说明公开", "慈善组织信息公开办法", "记-0014", day(31), day(2, 4), page, "late", working_days=False),
        DisclosureLine("项目进展公开", law, "暖冬包项目", day(31), None, "", "overdue", working_days=False),
    )  # fmt: skip


def close(names: dict[str, Text]) -> Close:
    """Return the close of the month with its three vouchers; `names` are those of the accounts."""

    def lines(*parts: tuple[str, str, int]) -> tuple[tuple[str, str, Text, int], ...]:
        return tuple((side, code, names[code], fen) for side, code, fen in parts)

    income = lines(
        ("D", "4301.01", 541_500),
        ("D", "4901.01", 2_872_550),
        ("D", "4901.03", 326),
        ("C", "3102.01", 3_414_376),
    )
    costs_ = lines(
        ("D", "3102.01", 1_505_416), ("C", "5401.01", 1_436_275), ("C", "5401.03", 54_150), ("C", "5401.04", 500),
        ("C", "5901.01", 14_491),
    )  # fmt: skip
    spent = lines(
        ("D", "3102.02", 986_000),
        ("D", "3102.03", 800_000),
        ("C", "5101.01", 986_000),
        ("C", "5101.02", 800_000),
    )
    after = {
        "1002.01": 1_200_476, "1009.02": 157_500, "1122.21": 570_984, "1122.31": 214_000, "2209.01": -20_000,
        "3102.01": -1_908_960, "3102.02": -214_000,
    }  # fmt: skip
    return Close(
        moment(3, 11),
        "李某",
        "周某",
        (
            ClosingVoucher("记-0031", "结转本月收入", income),
            ClosingVoucher("记-0032", "结转本月费用", costs_),
            ClosingVoucher("记-0033", "结转本月公益支出", spent),
        ),
        tuple((code, names[code], fen) for code, fen in after.items()),
        (
            ("各场次都有收入或零收入声明", "done", "5 场"),
            ("平台文件已全部入账", "done", "3 份"),
            ("银行存款与对账单核对", "done", "调节相符"),
            ("可提现余额与平台截图核对", "done", "2 个平台"),
            ("慈善机构收款确认", "open", "县慈善总会票据未到"),
            ("公会分成", "none", "没有公会"),
        ),
    )


def cumulative() -> Cumulative:
    """Return the sums since the book was opened, one month ago."""
    groups: dict[str, tuple[tuple[str | Text, int], ...]] = {
        "opening": ((Text("银行存款结余", "Bank balance"), 2_000_000),),
        "income": (("直播打赏", 2_872_550), ("带货佣金", 541_500), ("利息", 326)),
        "deduction": (("平台分成", 1_436_275), ("技术服务费", 54_150), ("手续费", 500), ("代扣个税", 14_491)),
        "spending": (
            (Text("县红十字会：暖冬包项目", "Red Cross: winter kits"), 986_000),
            (Text("县慈善总会：助学项目", "Charity Federation: grants for pupils"), 800_000),
        ),
        "place": (
            ("银行存款", 1_200_476),
            ("平台可提现余额", 157_500),
            ("主播代收待缴", 570_984),
            ("拨付待核销", 214_000),
            ("暂收待查款", -20_000),
        ),
        "owner": (
            ("待分配", 1_908_960),
            (Text("县红十字会项目", "Red Cross projects"), 214_000),
            (Text("县慈善总会项目", "Charity Federation projects"), 0),
        ),
    }
    lines: list[CumulativeLine] = []
    for group, parts in groups.items():
        lines += [CumulativeLine(group, label, fen) for label, fen in parts]
        lines.append(CumulativeLine(group, "合计", sum(fen for _, fen in parts), total=True))
    return Cumulative("2026-03", 1, 5, 74, tuple(lines))
