"""The chart of §四: tips from gross to the supervised account, as falling bars."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.money import yuan
from ledger.sections import TipFlow
from ledger.words import N_
from reports import typeface
from reports.pdf_page import LEFT, Box, Flow, Label, Rule
from reports.wording import Wording

HIGH = 92.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: a level (standing on zero) or a step down from the level before it."""

    label: str
    fen: int
    level: bool


def bars(flow: TipFlow, words: Wording) -> tuple[Bar, ...]:
    """Return the bars; steps that are zero are left out, the two levels always shown.

    opening + gross − share − guild − tax − still at the platform − in hands
    = handed over + paid to the institution.
    """
    opening = flow.opening_awaiting_fen + flow.opening_wallet_fen + flow.opening_in_hands_fen
    at_platform = sum(fen for _, fen in (*flow.awaiting, *flow.wallets))
    first = words(N_("期初未到账＋打赏总额")) if opening else words(N_("打赏总额"))
    steps = (
        (words(N_("平台分成")), flow.share_fen),
        (words(N_("公会服务费")), flow.guild_fen),
        (words(N_("代扣个税")), flow.tax_fen),
        (words(N_("仍在平台")), at_platform),
        (words(N_("主播代收待缴")), flow.in_hands_fen),
    )
    return (
        Bar(first, opening + flow.gross_fen, level=True),
        *(Bar(label, -fen, level=False) for label, fen in steps if fen),
        Bar(words(N_("已到监管专户")), flow.handed_over_fen + flow.to_institution_fen, level=True),
    )


def draw(flow: Flow, tips: TipFlow, words: Wording) -> None:
    """Draw the chart at the cursor: dark bars are levels, light outlined ones what comes off."""
    found = bars(tips, words)
    top = max(bar.fen for bar in found)
    if top <= 0:
        return
    title = words(N_("打赏资金流向图（元）"))
    flow.need(HIGH + 62)
    flow.space(8)
    flow.text(title, size=9, bold=True)
    base = flow.y - HIGH - 20
    slot = flow.width / len(found)
    level = 0
    for place, bar in enumerate(found):
        level, previous = (bar.fen, level) if bar.level else (level + bar.fen, level)
        upper = max(bar.fen, 0) if bar.level else max(level, previous)
        lower = min(bar.fen, 0) if bar.level else min(level, previous)
        _bar(flow, bar, LEFT + slot * place, slot, (base + upper * HIGH / top, base + lower * HIGH / top))
        if place + 1 < len(found):
            y = base + level * HIGH / top
            flow.add(Rule(LEFT + slot * (place + 0.8), y, LEFT + slot * (place + 1.2), y, 0.4, "faint"))
        _label(flow, bar.label, LEFT + slot * (place + 0.5), base - 11, slot - 4)
    flow.add(Rule(LEFT, base, flow.right, base, 0.8, "ink"))
    flow.y = base - 26


def _bar(flow: Flow, bar: Bar, x: float, slot: float, ends: tuple[float, float]) -> None:
    upper, lower = ends
    flow.add(
        Box(
            x + slot * 0.2,
            lower,
            slot * 0.6,
            max(upper - lower, 0.6),
            fill="accent" if bar.level else "head",
            line="accent",
            weight=0.6,
        ),
        Label(
            x + slot / 2,
            upper + 4,
            yuan(bar.fen),
            8,
            bold=bar.level,
            tone="red" if bar.fen < 0 else "ink",
            align="centre",
        ),
    )


def _label(flow: Flow, text: str, x: float, y: float, wide: float) -> None:
    for line in typeface.wrap(typeface.clean(text), wide, 8):
        flow.add(Label(x, y, line, 8, align="centre"))
        y -= 10
