"""Amounts in figures and in capital characters, against the published examples and an independent oracle."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.money import capital, plain_yuan, yuan

with (Path(__file__).parent / "data" / "capital-amounts.csv").open(encoding="utf-8") as source:
    EXAMPLES = [(int(row["fen"]), row["人民币大写"]) for row in csv.DictReader(source)]


@pytest.mark.parametrize(("fen", "words"), EXAMPLES)
def test_the_published_examples(fen: int, words: str):
    assert capital(fen) == words


def oracle(fen: int) -> str:
    """The whole yuan as cn2an writes them; what follows 元 by the rule that this ledger states."""
    whole, rest = divmod(abs(fen), 100)
    jiao, cents = divmod(rest, 10)
    words = cn2an.an2cn(whole, "up") + "元" if whole else ""
    digits = "零壹贰叁肆伍陆柒捌玖"
    words += f"{digits[jiao]}角" if jiao else ("零" if cents and whole else "")
    words += f"{digits[cents]}分" if cents else "整"
    return "人民币" + ("负" if fen < 0 else "") + (words if fen else "零元整")


def folded(words: str) -> str:
    """Both forms that the rule allows as one: a 零 between two groups may stand or not."""
    return re.sub(r"(?<=[万亿])零(?=[壹贰叁肆伍陆柒捌玖]仟)", "", words)


@given(st.integers(-(10**15), 10**15))
def test_capital_characters_agree_with_an_independent_oracle(fen: int):
    assert folded(capital(fen)) == folded(oracle(fen))


@given(st.integers(-(10**15), 10**15))
def test_capital_characters_read_back_as_the_amount(fen: int):
    words = capital(fen).removeprefix("人民币")
    sign = -1 if words.startswith("负") else 1
    whole, _, rest = words.removeprefix("负").rpartition("元")
    found = int(cn2an.cn2an(whole, "smart")) * 100 if whole and whole != "零" else 0
    for digit, unit in re.findall(r"([壹贰叁肆伍陆柒捌玖])([角分])", rest):
        found += "零壹贰叁肆伍陆柒捌玖".index(digit) * (10 if unit == "角" else 1)
    assert sign * found == fen


@given(st.integers(-(10**15), 10**15))
def test_figures_keep_every_fen(fen: int):
    assert int(yuan(fen).replace(",", "").replace(".", "")) == fen
    assert plain_yuan(fen).replace(".", "").lstrip("-").isdecimal()
    assert re.fullmatch(r"-?\d{1,3}(,\d{3})*\.\d\d", yuan(fen))


def test_several_zeros_give_one_and_ten_begins_with_its_one():
    assert capital(1_000_000_010_00) == "人民币壹拾亿零壹拾元整"
    assert capital(107_000_53) == "人民币壹拾万零柒仟元伍角叁分"
    assert capital(1_0000_0000_0000_00) == "人民币壹万亿元整"
