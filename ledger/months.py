"""Months and China time. A broadcast belongs to the month of its start in China time."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from ledger.errors import Invalid
from ledger.words import N_

CHINA = timezone(timedelta(hours=8), "+08:00")
"""China Standard Time; the books begin long after the last daylight saving (1991)."""


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, written `YYYY-MM`."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read `YYYY-MM`; raise Invalid for anything else."""
        found = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", text, re.ASCII)
        if not found:
            raise Invalid(N_("月份“{text}”不对：请写成 2026-03 的样子。"), text=text[:40])
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, moment: date | datetime) -> Month:
        """Return the month of a date, or of a moment in China time."""
        if isinstance(moment, datetime):
            moment = moment.astimezone(CHINA)
        return cls(moment.year, moment.month)

    @property
    def first_day(self) -> date:
        """The first day."""
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        """The last day."""
        return date(self.year, self.number, monthrange(self.year, self.number)[1])

    def plus(self, months: int) -> Month:
        """Return the month that many months later (negative: earlier)."""
        count = self.year * 12 + self.number - 1 + months
        return Month(count // 12, count % 12 + 1)


def stamp(moment: datetime) -> str:
    """Return a moment as records write it: China time, to the second, `+08:00`."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(CHINA).replace(microsecond=0).isoformat()


def china_now() -> datetime:
    """Read the clock, in China time. Only the edge (web, command line) calls this."""
    return datetime.now(UTC).astimezone(CHINA)


def parse_stamp(text: str) -> datetime:
    """Read what `stamp` wrote, strictly; raise Invalid for any other form."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or stamp(moment) != text:
        raise Invalid(N_("时间“{text}”不对：请写成 2026-03-03T20:00:00+08:00 的样子。"), text=text[:40])
    return moment.astimezone(CHINA)
