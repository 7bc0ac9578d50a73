"""What happens in the demonstration's March: broadcasts, audience figures and vouchers, as data."""

from __future__ import annotations

from datetime import date
from typing import Any

from ledger.book.compose import NewEntry

DOUYIN, KUAISHOU = "A01", "A02"

BROADCASTS: tuple[tuple[int, str, str, str, str, str, str, int, int], ...] = (
    (3, "20:00", "23:10", "春耕备耕助农专场", "县农业农村局", DOUYIN, "23:21", 864000, 86400),
    (10, "20:00", "22:40", "特色农产品专场", "县商务局", DOUYIN, "22:52", 523500, 52350),
    (18, "15:00", "16:00", "社会救助政策解读", "县民政局", KUAISHOU, "16:12", 315000, 31500),
    (25, "20:00", "22:30", "乡村振兴公益专场", "县文化和旅游局", DOUYIN, "22:41", 1200000, 120000),
)
"""Day, start, end, title, department, account, screenshot, fen and units as declared that night."""

AUDIENCE: tuple[tuple[int, str, str, str, int], ...] = (
    (1, DOUYIN, "观看", "人次", 18260),
    (1, DOUYIN, "点赞", "次", 45120),
    (2, DOUYIN, "观看", "人次", 12034),
    (3, KUAISHOU, "观看", "人次", 313),
    (3, KUAISHOU, "点赞", "次", 4476),
    (4, DOUYIN, "观看", "人次", 25118),
)


def _new(
    kind: str,
    day: int,
    summary: str = "",
    /,
    *,
    facts: dict[str, str | int] | None = None,
    **where: Any,  # noqa: ANN401 - text places and integer amounts
) -> NewEntry:
    """Shorthand for the table below: places by name, amounts as the rest."""
    places = {
        name: where.pop(name) for name in ("broadcast", "account", "platform", "charity") if name in where
    }
    return NewEntry(
        type=kind, date=date(2026, 3, day), amounts=where, summary=summary, facts=facts or {}, **places
    )


WINTER: dict[str, str | int] = {
    "activity": "暖冬包采购与发放",
    "place": "示例镇",
    "day": "2026-03-19",
    "beneficiaries": 86,
    "payee": "示例县百货商店",
    "invoices": "发票 1 张、签收单 86 份",
}
STUDY: dict[str, str | int] = {
    "activity": "助学金 16 人×500.00",
    "place": "示例县第一中学",
    "day": "2026-03-22",
    "beneficiaries": 16,
    "payee": "受助学生家长 16 人",
    "invoices": "签收表 1 份",
}

VOUCHERS: tuple[tuple[str, NewEntry, str], ...] = (
    ("recorder", _new("TIP_SETTLE", 12, "抖音 B1+B2 转可提现", platform="douyin", amount=693750), ""),
    (
        "accountant",
        _new("ALLOCATE", 12, facts={"resolution": "2026-03号"}, to_redcross=1200000, to_charity=800000),
        "resolution",
    ),
    (
        "accountant",
        _new(
            "GRANT_PAY",
            13,
            "拨付县红十字会",
            facts={"bank_serial": "12345678", "resolution": "2026-03号"},
            charity="redcross",
            amount=1200000,
        ),
        "receipt",
    ),
    (
        "accountant",
        _new(
            "GRANT_PAY",
            13,
            "拨付县慈善总会",
            facts={"bank_serial": "12345679", "resolution": "2026-03号"},
            charity="charity",
            amount=800000,
        ),
        "receipt",
    ),
    (
        "recorder",
        _new(
            "WITHDRAW_CARD",
            15,
            "抖音提现至主播个人卡（税前 6,937.50）",
            platform="douyin",
            gross=693750,
            tax=450,
        ),
        "receipt",
    ),
    ("cashier", _new("HANDOVER", 16, facts={"payer": "张某某"}, amount=693300), "receipt"),
    ("cashier", _new("UNIDENTIFIED", 19, "个人汇入 无附言", facts={"payer": "李某"}, amount=20000), ""),
    (
        "redcross-clerk",
        _new("SPEND", 20, "红会 暖冬包采购", facts=WINTER, charity="redcross", amount=968000),
        "spending",
    ),
    ("cashier", _new("BANK_FEE", 21, "网银汇款手续费（按季扣收）", amount=500), ""),
    (
        "redcross-clerk",
        _new("SPEND", 21, "红会 暖冬包采购", facts=WINTER, charity="redcross", amount=986000),
        "spending",
    ),
    ("cashier", _new("INTEREST", 21, "一季度结息", amount=326), ""),
    (
        "charity-clerk",
        _new("SPEND", 22, "慈善总会 助学金 16 人×500.00", facts=STUDY, charity="charity", amount=800000),
        "spending",
    ),
    ("recorder", _new("COMM_SETTLE", 24, amount=493200), ""),
    ("cashier", _new("WITHDRAW_CORP", 27, amount=487350), "receipt"),
    ("recorder", _new("TIP_SETTLE", 27, "抖音 B4 转可提现", platform="douyin", amount=600025), ""),
    (
        "recorder",
        _new(
            "REFUND_TIP",
            28,
            "B1 未成年人打赏退款",
            facts={"units": 3000, "minor": 1},
            broadcast="2026-0001",
            account=DOUYIN,
            gross=30000,
            fee=15000,
        ),
        "screen-0001",
    ),
    ("recorder", _new("TIP_SETTLE", 30, "快手 B3 转可提现", platform="kuaishou", amount=157500), ""),
    (
        "recorder",
        _new(
            "WITHDRAW_CARD",
            31,
            "抖音提现至主播个人卡（税前 5,850.25）",
            platform="douyin",
            gross=585025,
            tax=14041,
        ),
        "receipt",
    ),
)
"""Who drafts, what, and which sample picture is filed with it. The second winter parcel corrects the first."""
