"""Numbers, times and numbered ids: what is written comes back, and nothing else is a number."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.intake import cells, columns
from ledger.intake.model import BadCell
from ledger.intake.text import csv_grid
from ledger.money import FEN_MAX, plain_yuan, yuan
from ledger.months import CHINA


@given(st.integers(-FEN_MAX, FEN_MAX))
def test_every_amount_that_can_be_booked_comes_back_from_its_text(fen):
    assert cells.money(yuan(fen)) == fen
    assert cells.money(plain_yuan(fen)) == fen


@given(st.text(alphabet="0123456789.,-+¥￥ eE_", max_size=12))
def test_what_is_accepted_as_money_is_written_as_money(text):
    try:
        fen = cells.money_or_none(text)
    except BadCell:
        return
    if fen is not None:
        bare = re.sub(r"[¥￥, +]", "", text)
        assert re.fullmatch(r"-?[0-9]+(\.[0-9]{1,2})?", bare)
        whole, _, cents = bare.lstrip("-").partition(".")
        assert abs(fen) == int(whole + cents.ljust(2, "0"))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "NaN",
            "sNaN",
            "Infinity",
            "-inf",
            "1e5",
            "1E+5",
            "0x10",
            "1_000",
            "1__0",
            "--5",
            "+-5",
            "5-",
            "(5.00)",
        ),
        *(
            "１２３",
            "١٢٣",
            "²",
            "一百",
            "百元",
            "1,23",
            "1,2345",
            ",123",
            "12,34.00",
            "1.",
            ".5",
            "1.2.3",
            "1 000",
        ),
        *("−5.00", "=1+1", "5元", "$5", "\u200b5", "5\u202e", "0.1+0.2", "1'000"),
    ],
)
def test_what_is_no_plain_number_is_refused(text):
    with pytest.raises(BadCell):
        cells.money(text)


@pytest.mark.parametrize("text", ["90071992547409.92", "-90071992547409.92", "9" * 30, "9" * 4000])
def test_amounts_beyond_the_canonical_form_are_refused(text):
    with pytest.raises(BadCell, match="太大"):
        cells.money(text)
    assert cells.money("90071992547409.91") == FEN_MAX
    assert cells.money("-90071992547409.91") == -FEN_MAX


def test_negative_zero_is_zero_and_empty_is_not():
    assert cells.money("-0.00") == 0
    with pytest.raises(BadCell, match="不能为空"):
        cells.money("-")


MOMENTS = st.datetimes(datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2099-12-31")).map(
    lambda moment: moment.replace(microsecond=0)
)


@given(MOMENTS)
def test_every_time_comes_back_from_its_text(naive):
    assert cells.moment(f"{naive}") == naive.replace(tzinfo=CHINA)
    assert cells.hand_moment(f"{naive}") == naive.replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    "text",
    [
        *("0001-01-01 00:00:00", "1900-01-01 00:00:00", "9999-12-31 00:00:00", "2026-02-30 00:00:00"),
        *(
            "2026-03-24 24:00:00",
            "2016-12-31 23:59:60",
            "2026-03-24",
            "2026-03-24T08:00:00",
            "20260324 080000",
        ),
        *("2026-03-24 08:00:00+00:00", "2026-03-24 08:00:00.5", "1774310400", "1774310400000", "46105.333"),
        *("2026-3-4 8:00:00 ", "２０26-03-24 08:00:00", "2026-03-24  8:00:00", "2026-W10-1 00:00:00"),
    ],
)
def test_other_forms_of_time_are_refused(text):
    with pytest.raises(BadCell):
        cells.moment(text)


def test_a_moment_is_exactly_china_time():
    assert cells.moment("2026-03-24 08:00:00").utcoffset() == timedelta(hours=8)


def test_numbers_of_orders_stay_text_and_hold_nothing_invisible():
    assert cells.identifier("6931000000000000001\t") == "6931000000000000001"
    assert cells.identifier("'2026032408000000000000000001") == "2026032408000000000000000001"
    assert cells.identifier("000123") == "000123"
    for text in ("69\u200b31", "69\u202e31", "69\ufeff31", "６９３１", "69 31", "69\n31", "=6931", "a" * 65):
        with pytest.raises(BadCell):
            cells.identifier(text)


CELL = st.one_of(
    st.from_regex(r"[0-9]{1,20}\t?", fullmatch=True),
    st.from_regex(
        r"20(26|27)-(0[1-9]|1[0-2])-([0-2][0-9]|3[01]) [0-2][0-9]:[0-5][0-9]:[0-5][0-9]", fullmatch=True
    ),
    st.sampled_from(
        ["", "-", "a\nb", "1\n2", "2026-03-03 20:00:00\n2026-03-03 20:00:00", "'12", "6.9E+18", "１"]
    ),
)


@pytest.mark.parametrize(
    "parse",
    [cells.identifier, cells.identifier_or_none, cells.moment, cells.moment_or_none, cells.money_or_none],
)
@given(batch=st.lists(CELL, min_size=1, max_size=6))
def test_a_column_reads_a_batch_as_it_would_each_cell(parse, batch):
    def one_by_one():
        return [parse(cell) for cell in batch]

    try:
        expected = one_by_one()
    except BadCell:
        with pytest.raises(BadCell):
            columns.reader(parse).values_of(batch)
        return
    assert list(columns.reader(parse).values_of(batch)) == expected


PLAIN_ROWS = st.lists(
    st.lists(st.text(alphabet=st.characters(exclude_characters='"\r\n\t', codec="utf-8")), min_size=1),
    min_size=1,
)


@given(PLAIN_ROWS, st.sampled_from(["\n", "\r\n", "\r"]))
def test_lines_without_quotes_are_read_as_the_csv_module_reads_them(rows, end):
    text = "".join(",".join(row) + end for row in rows)
    data = "\ufeff".encode() + text.encode()
    expected = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    found = [list(row) for batch in csv_grid(data).batches for row in batch.rows]
    assert [row if row != [""] else [] for row in found] == expected


def test_columns_of_long_files_share_equal_cells_but_give_up_where_they_hardly_repeat():
    repeating, unique = columns.Column(str), columns.Column(str)
    for start in range(0, 10_000, 500):
        names = [f"名{number % 7}" for number in range(start, start + 500)]
        assert list(repeating.share(names)) == names
        assert list(unique.share([f"名{number}" for number in range(start, start + 500)]))
    assert repeating.shared is not None
    assert len(repeating.shared) == 7
    assert unique.shared is None
