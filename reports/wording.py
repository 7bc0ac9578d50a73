"""Words of the report in the reader's language: fixed sentences, codes, months and moments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from ledger.months import CHINA, Month
from ledger.words import N_, Text, translate

TITLE = N_("公益直播善款收支月报")

DECISIONS = {
    "": N_("未签"),
    "agree": N_("同意"),
    "return": N_("退回"),
    "query": N_("提出问询"),
    "no-irregularity": N_("未发现异常"),
    "rectify": N_("建议整改"),
    "suspend": N_("建议暂停拨付"),
}
STATES = {
    "pending": N_("待签认"),
    "agreed": N_("已签认"),
    "returned": N_("被退回"),
    "queried": N_("问询中"),
    "reversed": N_("已冲销"),
    "opinion": N_("已出监督意见"),
}
SEVERITIES = {"high": N_("高"), "middle": N_("中"), "low": N_("低")}
"""How grave a finding is, the gravest first."""
OUTCOMES = {
    "": N_("尚未说明"),
    "explained": N_("已解释"),
    "corrected": N_("已更正"),
    "referred": N_("已转办"),
    "accepted": N_("已知悉接受"),
}
"""What came of a finding, or of a line without a partner."""
RECONCILED = {
    "matched": N_("一致"),
    "transit": N_("时间性差异"),
    "query": N_("差异待查"),
    "explained": N_("已解释"),
    "open": N_("尚未说明"),
}
DISCLOSED = {
    "done": N_("已公开"),
    "late": N_("已公开（逾期）"),
    "due": N_("未到期"),
    "overdue": N_("逾期未公开"),
}
CHECKED = {"done": N_("已完成"), "open": N_("未完成"), "none": N_("不适用")}
METHODS = {
    "sealed-key": N_("系统内确认（非可靠电子签名）"),
    "paper": N_("线下签署"),
}
PARTIES = {
    "redcross": N_("县红十字会"),
    "charity": N_("县慈善总会"),
    "discipline": N_("县纪委监委"),
}
"""Short names for the columns of the voucher list."""

CHARITY_DECISIONS = ("agree", "return", "query")
SUPERVISION_DECISIONS = ("no-irregularity", "query", "rectify", "suspend")

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True, slots=True)
class Wording:
    """One language; calling it translates a marked Chinese message and fills in its values."""

    language: str

    def __call__(self, message: str | Text, /, **values: object) -> str:
        """Return a marked message in this language, its placeholders filled in; a name as its own translation."""
        if isinstance(message, Text):
            return message.in_(self.language)
        text = translate(message, self.language)
        return text.format(**values) if values else text

    def name(self, text: Text) -> str:
        """Return a name that carries its own translation."""
        return text.in_(self.language)

    def listing(self, items: Iterable[str]) -> str:
        """Return items in a row: `、` between them in Chinese, a comma in English."""
        return (", " if self.language == "en" else "、").join(items)

    def sentences(self, *sentences: str) -> str:
        """Return sentences one after the other; only English puts a space between them."""
        return (" " if self.language == "en" else "").join(sentence for sentence in sentences if sentence)

    def month(self, month: Month) -> str:
        """Return `2026年3月` or `March 2026`."""
        if self.language == "en":
            return f"{_MONTHS[month.number - 1]} {month.year}"
        return f"{month.year}年{month.number}月"

    def day(self, day: date | None) -> str:
        """Return `2026-03-12`, and a dash for a day that is not known."""
        return day.isoformat() if day else "—"

    def moment(self, moment: datetime | None) -> str:
        """Return `2026-03-12 20:00` in China time, and a dash for a moment that is not known."""
        return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}" if moment else "—"

    def decision(self, code: str) -> str:
        """Return the wording of a sign-off decision; an unknown code is printed as it is."""
        return self(DECISIONS[code]) if code in DECISIONS else code

    def state(self, code: str) -> str:
        """Return the wording of a voucher's derived state."""
        return self(STATES[code]) if code in STATES else code

    def coded(self, code: str, table: Mapping[str, str]) -> str:
        """Return the wording of a code from one of the tables above; an unknown code is printed as it is."""
        return self(table[code]) if code in table else code

    def method(self, code: str) -> str:
        """Return how somebody signed, without claiming more than the method proves."""
        return self(METHODS[code]) if code in METHODS else code
