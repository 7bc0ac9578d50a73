"""From amounts to posting lines: the templates of the chart, applied."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ledger.book.chart import Chart, DutyRule, EntryType
from ledger.book.duties import CHARITIES, CHARITY, RED_CROSS
from ledger.errors import Invalid
from ledger.money import FEN_MAX
from ledger.words import N_

OTHER = {RED_CROSS: CHARITY, CHARITY: RED_CROSS}
"""The charity that reviews the other's spending (交叉复核)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One posting line: account, side (`D` or `C`) and fen; a red letter is negative on its own side."""

    account: str
    dc: str
    fen: int

    @property
    def signed_fen(self) -> int:
        """Debit positive, credit negative; an entry's lines sum to zero."""
        return self.fen if self.dc == "D" else -self.fen


def build(
    chart: Chart, kind: EntryType, amounts: dict[str, int], *, platform: str = "", charity: str = ""
) -> tuple[Line, ...]:
    """Return the lines of an entry, lines of zero left out.

    `amounts` are fen by input name. Raises Invalid if one is missing, unknown or
    negative where it may not be, or if nothing would be posted.
    """
    known = {item.name for item in kind.inputs}
    for name in amounts:
        if name not in known:
            raise Invalid(N_("凭证类型“{type}”没有金额项“{name}”。"), type=kind.name, name=name[:40])
    for item in kind.inputs:
        if item.name not in amounts and not item.optional:
            raise Invalid(N_("请填写“{label}”。"), label=item.label)
        value = amounts.get(item.name, 0)
        if abs(value) > FEN_MAX // 4:
            raise Invalid(N_("“{label}”的金额太大。"), label=item.label)
        if value < 0 and kind.code != "ADJUST":
            raise Invalid(N_("“{label}”不能是负数；要冲减请用更正或追扣。"), label=item.label)
    lines = (
        Line(account_of(chart, place, platform, charity), dc, _evaluate(formula, amounts))
        for dc, place, formula in kind.lines
    )
    found = tuple(line for line in lines if line.fen)
    if not found:
        raise Invalid(N_("金额全为零，没有可以记账的内容；没有收入请做零收入声明。"))
    return found


def account_of(chart: Chart, place: str, platform: str, charity: str) -> str:
    """Return the account code that a template's place stands for."""
    owner, _, name = place.partition(".")
    if name and owner == "platform":
        return str(getattr(chart.platform(platform), name))
    if name:
        body = charity if owner == "own" else owner
        if body not in chart.charities:
            raise Invalid(N_("请选择是县红十字会还是县慈善总会的项目。"))
        return chart.charities[body][name]
    return chart.named[place]


def _evaluate(formula: str, amounts: dict[str, int]) -> int:
    """Return the value of a sum such as `gross-tax` or `-fee`."""
    terms = re.findall(r"([+-]?)([a-z_]+)", formula)
    return sum((-1 if sign == "-" else 1) * amounts.get(name, 0) for sign, name in terms)


def reversed_lines(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return the red letters of an entry: same accounts, same sides, negative amounts (会计基础工作规范)."""
    return tuple(Line(line.account, line.dc, -line.fen) for line in lines)


def debit_total(lines: tuple[Line, ...]) -> int:
    """Return the entry's amount: the sum of its debit lines, negative for red letters."""
    return sum(line.fen for line in lines if line.dc == "D")


def check_balanced(lines: tuple[Line, ...]) -> None:
    """Raise Invalid unless debits equal credits."""
    rest = sum(line.signed_fen for line in lines)
    if rest or not lines:
        raise Invalid(N_("借贷不平，相差 {fen} 分。"), fen=rest)


def duties(rules: tuple[DutyRule, ...], charity: str, required: tuple[str, ...]) -> list[dict[str, str]]:
    """Return who must speak on an entry, frozen with the statement each will make.

    `required` are the parties that the book's policy asks for. A charity's own
    spending is declared by itself and reviewed by the other one.
    """
    found = []
    for rule in rules:
        party = {"own": charity, "other": OTHER.get(charity, "")}.get(rule.party, rule.party)
        if party in required or (charity and party in CHARITIES):
            found.append({"party": party, "part": rule.part, "statement": rule.statement})
    return found
