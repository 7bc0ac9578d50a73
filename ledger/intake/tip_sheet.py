"""Our own template for tips (domain A1): no platform exports the tips of a personal account.

One row is one broadcast: what the platform's screen showed, who typed it and who checked it.
Gift units are kept, and compared, but money is never computed from them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

from ledger.errors import Problem
from ledger.intake import cells
from ledger.intake.model import Control, Problems, SourceRow
from ledger.intake.table import Built, Column, Format, Line
from ledger.words import N_

PLATFORMS = {"抖音": "douyin", "快手": "kuaishou", "视频号": "wechat"}

_FEN_PER_UNIT = {"douyin": 10}
"""10 音浪 are 1 元 (a plausibility check only); the other platforms' units have no fixed price."""

_PLATFORM, _UNTIL = "平台", "下播时间"
_GROSS, _NET = "平台显示打赏收入(元)", "平台显示可提现(元)"
_CHECKED_BY = "复核人"


def build(lines: Iterator[Line], problems: Problems) -> Built:
    """Return the broadcasts as rows: `amount_fen` the gross, `fee_fen` what the platform kept."""
    rows: list[SourceRow] = []
    notices: list[Problem] = []
    for number, raw, values in lines:
        broadcast, platform, account, at, until, units, gross, net, _, captured_at, _, _, note = values
        if not _valid(number, values, problems):
            continue
        key = PLATFORMS[platform]
        if not gross:
            notices.append(Problem(N_("打赏收入为零：零收入须另作零收入声明"), number, _GROSS))
        if units is not None and key in _FEN_PER_UNIT and units * _FEN_PER_UNIT[key] != gross:
            notices.append(
                Problem(N_("打赏收入与音浪数按 10 音浪 1 元折算不一致，请核对截图"), number, _GROSS)
            )
        if captured_at is not None and captured_at < (until or at):
            notices.append(Problem(N_("截图时间早于下播时间，截图里的数可能还不完整"), number, "截图时间"))
        rows.append(
            SourceRow._make(
                (
                    *(number, raw, f"{broadcast}|{key}|{account}", "tip", at, until, gross, gross - net, 0),
                    *(units, None, key, account, broadcast, "", "", note),
                )
            )
        )
    gross_fen, fee_fen = sum(row.amount_fen for row in rows), sum(row.fee_fen for row in rows)
    controls = [
        Control(N_("场次数"), len(rows), len(rows), "rows"),
        Control(N_("打赏收入"), gross_fen, gross_fen, "fen"),
        Control(N_("平台分成"), fee_fen, fee_fen, "fen"),
    ]
    return Built(rows, controls, notices)


def _valid(number: int, values: tuple[Any, ...], problems: Problems) -> bool:
    """Note each rule that a broadcast breaks; tell whether it keeps them all."""
    before = problems.count
    _, platform, _, at, until, _, gross, net, _, _, typed_by, checked_by, _ = values
    if platform not in PLATFORMS:
        known = "、".join(PLATFORMS)
        name = platform[:40]
        problems.add(N_("不认识的平台“{name}”：应为 {known}"), number, _PLATFORM, name=name, known=known)
    if until is not None and until <= at:
        problems.add(N_("下播时间应晚于开播时间"), number, _UNTIL)
    if gross < 0:
        problems.add(N_("打赏收入不能是负数"), number, _GROSS)
    if net < 0:
        problems.add(N_("可提现金额不能是负数"), number, _NET)
    elif net > gross >= 0:
        problems.add(N_("可提现金额不能大于打赏收入"), number, _NET)
    if _same_person(typed_by, checked_by):
        problems.add(N_("录入人和复核人必须是两个人"), number, _CHECKED_BY)
    return problems.count == before


def _same_person(one: str, other: str) -> bool:
    """Compare names as a reader does: width, case and spaces do not make another person."""
    first, second = ("".join(unicodedata.normalize("NFKC", name).casefold().split()) for name in (one, other))
    return first == second


FORMAT = Format(
    name="tip-sheet",
    version=1,
    kind="tip_summary",
    platform="",
    title=N_("打赏登记表"),
    columns=(
        Column("直播场次号", cells.identifier),
        Column(_PLATFORM, cells.required_text),
        Column("账号", cells.required_text),
        Column("开播时间", cells.hand_moment),
        Column(_UNTIL, cells.hand_moment_or_none),
        Column("音浪/黄钻数", cells.count_or_none),
        Column(_GROSS, cells.money),
        Column(_NET, cells.money),
        Column("截图文件", cells.text),
        Column("截图时间", cells.hand_moment_or_none),
        Column("录入人", cells.required_text),
        Column(_CHECKED_BY, cells.required_text),
        Column("备注", cells.text),
    ),
    ids=("直播场次号", "账号"),
    sums=(_GROSS, _NET),
    build=build,
)
