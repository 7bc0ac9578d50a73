"""Months and China time: a broadcast belongs to the month of its start in China time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from ledger.errors import Invalid
from ledger.months import CHINA, Month, parse_stamp, stamp


def test_a_moment_belongs_to_its_month_in_china_time():
    assert Month.of(datetime(2026, 3, 31, 15, 59, 59, 999999, tzinfo=UTC)) == Month(2026, 3)
    assert Month.of(datetime(2026, 3, 31, 16, 0, tzinfo=UTC)) == Month(2026, 4)
    assert Month.of(datetime(2026, 4, 1, tzinfo=CHINA)) == Month(2026, 4)
    assert Month.of(datetime(2026, 4, 1, 3, tzinfo=timezone(timedelta(hours=14)))) == Month(2026, 3)


@pytest.mark.parametrize(
    ("month", "last"), [((2026, 2), 28), ((2028, 2), 29), ((2026, 4), 30), ((2026, 12), 31)]
)
def test_a_month_ends_on_its_last_day(month: tuple[int, int], last: int):
    assert Month(*month).last_day == date(*month, last)
    assert Month.of(Month(*month).last_day + timedelta(days=1)) == Month(*month).plus(1)


@pytest.mark.parametrize(
    "text", ["2026-3", "2026-13", "2026-00", "1999-01", "２０２６-03", "2026-03 ", "", "2026/03"]
)
def test_anything_but_year_and_month_is_refused(text: str):
    with pytest.raises(Invalid):
        Month.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-03T20:00:00",
        "2026-03-03T20:00:00Z",
        "2026-03-03T12:00:00+00:00",
        "2026-03-03 20:00:00+08:00",
        "x",
        "",
    ],
)
def test_only_the_written_form_of_a_moment_is_read_back(text: str):
    with pytest.raises(Invalid):
        parse_stamp(text)


def test_a_moment_is_written_in_china_time_to_the_second():
    moment = datetime(2026, 3, 3, 12, 0, 5, 999, tzinfo=UTC)
    assert stamp(moment) == "2026-03-03T20:00:05+08:00"
    assert parse_stamp(stamp(moment)) == moment.replace(microsecond=0)
    with pytest.raises(ValueError, match="time zone"):
        stamp(datetime(2026, 3, 3, 12, 0))  # noqa: DTZ001 - the refusal is the point
