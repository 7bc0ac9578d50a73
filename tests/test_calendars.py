"""The working calendar: packaged years against an oracle, counting, regions, years that are missing, bad days."""

from __future__ import annotations

import json
from calendar import isleap
from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.book import calendar_days, calendars
from ledger.book.calendar_days import Days
from ledger.book.calendars import Calendar, NotLoaded
from ledger.book.duties import NotYourDuty
from ledger.errors import Conflict, Invalid, NotFound
from tests.books import Office

ONE = timedelta(1)


def packaged() -> Calendar:
    """The two packaged years as one calendar."""
    years = calendars.packaged().values()
    return Calendar(
        frozenset(one.year for one in years),
        frozenset(day for one in years for day in one.days.off),
        frozenset(day for one in years for day in one.days.work),
    )


BOTH = packaged()


def days_of(*years: int) -> list[date]:
    return [date(year, 1, 1) + ONE * n for year in years for n in range(366 if isleap(year) else 365)]


# ---- the packaged years ----------------------------------------------------------------------------------


def test_each_day_of_the_packaged_years_is_what_the_oracle_says():
    wrong = [day for day in days_of(2025, 2026) if BOTH.is_worked(day) != chinese_calendar.is_workday(day)]
    assert wrong == []
    assert sorted(calendars.packaged()) == [2025, 2026]


def test_the_packaged_files_name_their_notice_and_hold_free_weekdays_and_worked_weekends():
    for year, one in calendars.packaged().items():
        assert f"国务院办公厅关于{year}年部分节假日安排的通知（国办发明电〔{year - 1}〕" in one.source
        assert all(day.weekday() < 5 for day in one.days.off)
        assert all(day.weekday() >= 5 for day in one.days.work)
        assert list(one.days.off) == sorted(one.days.off)
        assert {day.year for day in (*one.days.off, *one.days.work)} == {year}
    assert (len(calendars.packaged()[2025].days.off), len(calendars.packaged()[2025].days.work)) == (18, 5)
    assert (len(calendars.packaged()[2026].days.off), len(calendars.packaged()[2026].days.work)) == (19, 6)


def test_a_packaged_year_read_as_a_file_gives_the_same_days():
    for year, one in calendars.packaged().items():
        data = (calendars.PACKAGED / f"{year}.json").read_bytes()
        assert calendar_days.read_file(data, year, "") == one.days


# ---- counting --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("2026-03-31", "2026-03-31", 0),
        ("2026-03-31", "2026-04-01", 1),
        ("2026-03-31", "2026-04-03", 3),
        ("2026-03-31", "2026-04-06", 3),
        ("2026-03-31", "2026-04-07", 4),
        ("2026-04-01", "2026-03-31", 0),
        ("2026-02-13", "2026-02-24", 2),
        ("2026-01-01", "2026-01-04", 1),
        ("2025-12-31", "2026-01-05", 2),
        ("2024-12-31", "2025-12-31", 248),
        ("2025-12-31", "2026-12-31", 248),
    ],
)
def test_working_days_are_those_after_the_first_up_to_the_last(first: str, last: str, days: int):
    assert BOTH.working_days(date.fromisoformat(first), date.fromisoformat(last)) == days


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        ("2026-03-31", 3, "2026-04-03"),
        ("2026-04-02", 3, "2026-04-08"),
        ("2026-04-03", 1, "2026-04-07"),
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2025-12-30", 3, "2026-01-05"),
        ("2026-03-31", 0, "2026-03-31"),
    ],
)
def test_the_nth_working_day_after_a_day_passes_over_holidays_and_counts_swapped_days(
    day: str, count: int, due: str
):
    assert BOTH.after(date.fromisoformat(day), count).isoformat() == due


@given(st.dates(date(2025, 1, 1), date(2026, 9, 1)), st.integers(0, 60))
def test_counting_up_to_the_nth_working_day_gives_n_and_it_is_a_working_day(day: date, count: int):
    due = BOTH.after(day, count)
    assert BOTH.working_days(day, due) == count
    assert count == 0 or BOTH.is_worked(due)


def test_a_leap_day_is_counted_in_a_leap_year_only():
    leap = Calendar(frozenset({2027, 2028}), frozenset(), frozenset())
    assert leap.working_days(date(2028, 2, 28), date(2028, 3, 1)) == 2
    assert leap.working_days(date(2027, 2, 28), date(2027, 3, 1)) == 1
    assert leap.after(date(2028, 2, 28), 1) == date(2028, 2, 29)
    assert sum(leap.is_worked(day) for day in days_of(2028)) == 260


# ---- years that are not loaded ---------------------------------------------------------------------------


def test_a_year_that_is_not_loaded_is_never_guessed():
    with pytest.raises(
        NotLoaded, match="2027 年的工作日历还没有载入，不能计算工作日；请安全管理员"
    ) as caught:
        BOTH.working_days(date(2026, 12, 30), date(2027, 1, 5))
    assert caught.value.year == 2027
    with pytest.raises(NotLoaded):
        BOTH.after(date(2026, 12, 30), 3)
    with pytest.raises(NotLoaded, match="2024 年"):
        BOTH.is_worked(date(2024, 5, 6))
    assert BOTH.days_or_none(date(2026, 12, 30), date(2027, 1, 5)) is None
    assert BOTH.days_or_none(date(2026, 12, 30), date(2026, 12, 31)) == 1
    assert BOTH.after_or_none(date(2026, 12, 30), 1) == date(2026, 12, 31)
    assert BOTH.after_or_none(date(2026, 12, 30), 2) is None


def test_the_year_of_the_first_day_is_not_needed_because_that_day_is_not_counted():
    only = Calendar(frozenset({2026}), BOTH.off, BOTH.work)
    assert only.working_days(date(2025, 12, 31), date(2026, 1, 5)) == 2
    with pytest.raises(NotLoaded, match="2025 年"):
        only.working_days(date(2025, 12, 30), date(2026, 1, 5))


# ---- in the book -----------------------------------------------------------------------------------------


def adopt(office: Office, year: int, region: str, days: Days, source: str = "示例通知") -> None:
    office.write(
        lambda s: calendars.adopt(
            s, office.who("secadmin"), year=year, region=region, days=days, source=source, at=office.tick()
        )
    )


def loaded(office: Office) -> Calendar:
    return office.read(lambda s: calendars.load(s, office.book))


def test_a_new_book_has_no_calendar_and_adopts_a_packaged_year_with_one_act(office: Office):
    assert loaded(office) == Calendar()
    office.write(lambda s: calendars.adopt_packaged(s, office.who("secadmin"), 2026, at=office.tick()))
    assert loaded(office).years == {2026}
    assert loaded(office).after(date(2026, 3, 31), 3) == date(2026, 4, 3)
    (year,) = office.read(lambda s: calendars.years(s, office.book))
    assert year.source == calendars.packaged()[2026].source
    with pytest.raises(NotLoaded, match="2025"):
        loaded(office).working_days(date(2025, 12, 30), date(2026, 1, 5))


def test_the_same_year_twice_or_one_that_does_not_come_with_the_program_is_refused(sqlite_office: Office):
    office, sec = sqlite_office, sqlite_office.who("secadmin")
    office.write(lambda s: calendars.adopt_packaged(s, sec, 2025, at=office.tick()))
    with pytest.raises(Conflict, match="2025 年的这份工作日历已经载入"):
        office.write(lambda s: calendars.adopt_packaged(s, sec, 2025, at=office.tick()))
    with pytest.raises(NotFound, match="没有自带 2030 年"):
        office.write(lambda s: calendars.adopt_packaged(s, sec, 2030, at=office.tick()))


@pytest.mark.parametrize("login", ["recorder", "accountant", "sysadmin", "auditadmin", "discipline"])
def test_only_the_security_administrator_loads_a_calendar(sqlite_office: Office, login: str):
    with pytest.raises(NotYourDuty):
        sqlite_office.write(
            lambda s: calendars.adopt_packaged(s, sqlite_office.who(login), 2026, at=sqlite_office.tick())
        )


def test_the_newest_record_of_a_year_and_region_holds(office: Office):
    first = Days((date(2027, 1, 1), date(2027, 5, 3)), ())
    adopt(office, 2027, "", first)
    assert not loaded(office).is_worked(date(2027, 5, 3))
    adopt(office, 2027, "", Days((date(2027, 1, 1),), (date(2027, 1, 2),)), "更正的通知")
    assert loaded(office).is_worked(date(2027, 5, 3))
    assert loaded(office).is_worked(date(2027, 1, 2))


def test_a_region_stands_above_the_country_and_alone_loads_no_year(office: Office):
    festival = Days((date(2026, 5, 27), date(2026, 5, 28), date(2026, 5, 9)), (date(2026, 5, 4),))
    adopt(office, 2026, "示例自治区", festival, "示例自治区关于古尔邦节放假的通知")
    with pytest.raises(NotLoaded):
        loaded(office).is_worked(date(2026, 5, 27))
    office.write(lambda s: calendars.adopt_packaged(s, office.who("secadmin"), 2026, at=office.tick()))
    calendar = loaded(office)
    assert not calendar.is_worked(date(2026, 5, 27))
    assert not calendar.is_worked(date(2026, 5, 9)), "worked in the country, free in the region"
    assert calendar.is_worked(date(2026, 5, 4)), "free in the country, worked in the region"
    assert calendar.after(date(2026, 5, 26), 1) == date(2026, 5, 29)
    assert calendar.is_worked(date(2026, 5, 26))


def test_of_two_regions_that_disagree_the_one_loaded_last_holds(sqlite_office: Office):
    office, day = sqlite_office, date(2027, 7, 12)
    adopt(office, 2027, "", Days((date(2027, 1, 1),), ()))
    adopt(office, 2027, "示例盟", Days((day,), ()), "那达慕放假")
    assert not loaded(office).is_worked(day)
    adopt(office, 2027, "示例旗", Days((), (day,)), "示例旗照常上班")
    assert loaded(office).is_worked(day)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"year": 1999}, "年份请写成 2020 到 2099"),
        ({"source": " "}, "请写明依据"),
        ({"source": "通" * 121}, "最多 120 个字"),
        ({"region": "区" * 121}, "地区名称最多 120 个字"),
        ({"days": Days((), ())}, "没有日子"),
        ({"days": Days((date(2026, 1, 1),), ())}, "别的年份的日子"),
    ],
)
def test_a_bad_year_is_not_loaded(sqlite_office: Office, changes: dict[str, object], sentence: str):
    given = {"year": 2027, "region": "", "days": Days((date(2027, 1, 1),), ()), "source": "通知", **changes}
    with pytest.raises(Invalid, match=sentence):
        adopt(sqlite_office, **given)  # type: ignore[arg-type]  # a mapping of mixed values
    assert loaded(sqlite_office).years == frozenset()


# ---- days as pasted or uploaded --------------------------------------------------------------------------

GOOD = """日期,类型
2027-01-01~2027-01-03,休
# 春节
2027-02-05 至 2027-02-11,放假
2027-01-31，班

2027-05-01~2027-05-05 休
2027-10-01 ~ 2027-10-07\toff
2027-09-25,上班
"""


def test_days_and_spans_are_read_and_weekends_that_are_free_anyway_left_out():
    days = calendar_days.read(GOOD, 2027, "")
    assert days.work == (date(2027, 1, 31), date(2027, 9, 25))
    assert [day.isoformat() for day in days.off] == [
        *("2027-01-01", "2027-02-05", "2027-02-08", "2027-02-09", "2027-02-10", "2027-02-11"),
        *("2027-05-03", "2027-05-04", "2027-05-05"),
        *("2027-10-01", "2027-10-04", "2027-10-05", "2027-10-06", "2027-10-07"),
    ]
    assert calendar_days.read_file(GOOD.encode("gb18030"), 2027, "") == days
    assert calendar_days.read_file(b"\xef\xbb\xbf" + GOOD.encode(), 2027, "") == days


def test_a_public_list_with_is_off_day_is_read():
    given = {
        "days": [
            {"date": day.isoformat(), "isOffDay": True} for day in calendar_days.read(GOOD, 2027, "").off
        ]
    }
    given["days"].append({"date": "2027-01-31", "isOffDay": False})
    days = calendar_days.read(json.dumps(given), 2027, "")
    assert days.work == (date(2027, 1, 31),)
    assert len(days.off) == 14


def test_a_regions_list_keeps_its_weekends_and_needs_no_national_holiday():
    days = calendar_days.read("2026-05-09,休\n2026-05-04,班", 2026, "示例自治区")
    assert days == Days((date(2026, 5, 9),), (date(2026, 5, 4),))


BAD = [
    ("2027-02-30,休", 1, "“2027-02-30”不是日期"),
    ("2027-2-5,休", 1, "“2027-2-5”不是日期"),
    ("２０２７-02-05,休", 1, "不是日期"),
    ("\n2026-12-31,休", 2, "“2026-12-31”不在 2027 年"),
    ("2027-12-30~2028-01-02,休", 1, "不在 2027 年"),
    ("2027-02-11~2027-02-05,休", 1, "结束日期早于开始日期"),
    ("2027-02-05", 1, "看不懂"),
    ("2027-02-05,也许", 1, "看不懂"),
    ("休", 1, "不是日期"),
    ("2027-01-01~2027-01-03,休\n2027-01-02,班", 2, "2027-01-02 写了两次"),
    ("2027-02-05,休\n2027-02-05,休", 2, "2027-02-05 写了两次"),
    ("2027-02-04,班", 1, "本来就上班，不是调休上班日"),
    ('{"off": ["2027-01-01",\n"2027-13-01"]}', 2, "“2027-13-01”不是日期"),
    ('{"off": [20270101]}', 1, "“20270101”不是日期"),
    ('{"days": [{"isOffDay": true}]}', 1, "“null”不是日期"),
    ('{"off": [}', 1, "不是合法的 JSON"),
]


@pytest.mark.parametrize(("text", "row", "sentence"), BAD)
def test_each_bad_day_is_told_with_its_line(text: str, row: int, sentence: str):
    with pytest.raises(Invalid, match="没有载入") as caught:
        calendar_days.read(text, 2027, "")
    told = [(one.row, one.text()) for one in caught.value.problems]
    assert any(number == row and sentence in said for number, said in told), told


def test_all_bad_lines_are_told_at_once():
    with pytest.raises(Invalid, match="有 3 处不对") as caught:
        calendar_days.read("x,休\n2027-01-01,休\n2026-01-01,休\ny", 2027, "")
    assert [one.row for one in caught.value.problems] == [1, 3, 4]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2027-05-03,休", "2027-01-01 是全国法定节假日，却没有放假"),
        (GOOD + "2027-05-08,班\n", ""),
        (GOOD.replace("2027-05-01~", "2027-05-02~") + "2027-05-01,班", "2027-05-01 是全国法定节假日"),
        ("", "是全国法定节假日"),
    ],
)
def test_a_list_without_the_fixed_holidays_is_not_the_whole_notice(text: str, sentence: str):
    if not sentence:
        assert calendar_days.read(text, 2027, "")
        return
    with pytest.raises(Invalid) as caught:
        calendar_days.read(text, 2027, "")
    assert any(sentence in one.text() for one in caught.value.problems)


def test_too_long_a_text_empty_or_undecodable_is_refused():
    for data in (b"2027-01-01," * 7000, b"\x81\xff\xff\xfe 2027"):
        with pytest.raises(Invalid):
            calendar_days.read_file(data, 2027, "")
    with pytest.raises(Invalid, match="最多 400 行"):
        calendar_days.read("2027-01-01,休\n" * 401, 2027, "")
    with pytest.raises(Invalid) as caught:
        calendar_days.read("# 没有", 2027, "示例区")
    assert "没有写放假" in caught.value.problems[0].text()
