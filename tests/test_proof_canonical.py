"""The canonical form: what it refuses, and that nothing is lost or changed on the way there and back."""

from __future__ import annotations

import json
import math
import string
import unicodedata
from decimal import Decimal
from enum import IntEnum

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Invalid
from ledger.proof import canonical
from ledger.proof.private import CONTEXT, Private, commit, commitments, is_commitment

MAX = 2**53 - 1

REFUSED = {
    "float": 1.0,
    "negative zero": -0.0,
    "NaN": math.nan,
    "infinity": math.inf,
    "decimal": Decimal("1.00"),
    "null": None,
    "2^53": MAX + 1,
    "-2^53": -MAX - 1,
    "2^63": 2**63,
    "NUL": "a\0b",
    "NUL beside Chinese": "账\0",
    "lone high surrogate": "账\ud800",
    "lone low surrogate": "\udc00",
    "decomposed e acute": "e\u0301",
    "angstrom sign": "\u212b",
    "compatibility ideograph": "\uf900",
    "bytes": b"abc",
    "set": {1},
    "object": object(),
    "a tuple of floats": (1.5,),
}


@pytest.mark.parametrize("bad", REFUSED.values(), ids=REFUSED.keys())
@pytest.mark.parametrize("place", ["alone", "in a list", "in an object", "deep"])
def test_a_value_without_a_canonical_form_is_refused_wherever_it_stands(bad, place):
    value = {"alone": bad, "in a list": [1, bad], "in an object": {"a": bad}, "deep": {"a": [{"b": [bad]}]}}[
        place
    ]
    with pytest.raises(canonical.NotCanonical) as caught:
        canonical.encode(value)
    assert isinstance(caught.value, Invalid)


@pytest.mark.parametrize("key", ["a\0", "e\u0301", "\ud800", 1, None, True, 1.5, ("a",)])
def test_a_key_that_is_no_clean_text_is_refused(key):
    with pytest.raises(canonical.NotCanonical):
        canonical.encode({key: 1})  # type: ignore[dict-item]


def test_the_place_of_the_first_bad_value_is_named():
    with pytest.raises(canonical.NotCanonical, match=r"\$\.lines\[1\]\.fen"):
        canonical.encode({"lines": [{"fen": 1}, {"fen": 1.0}]})  # type: ignore[dict-item, list-item]


def test_nesting_without_end_is_refused_and_not_a_crash():
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(canonical.NotCanonical):
        canonical.encode(deep)  # type: ignore[arg-type]
    with pytest.raises(canonical.NotCanonical):
        canonical.decode(b"[" * 100_000 + b"]" * 100_000)


@pytest.mark.parametrize(
    "data",
    [
        b"\xff",
        b"\xed\xa0\x80",
        b'"\xed\xa0\x80"',
        b"",
        b"{",
        b'{"a":1,}',
        b"[1 ]",
        b'"\xc0\x80"',
        b"9" * 5000,
    ],
)
def test_bytes_that_are_no_strict_utf8_json_are_refused(data):
    with pytest.raises(canonical.NotCanonical):
        canonical.decode(data)


def test_numbers_that_python_keeps_as_integers_of_another_name_come_back_as_integers():
    class Side(IntEnum):
        DEBIT = 1

    assert canonical.encode([Side.DEBIT, True]) == b"[1,true]"


def normal(text: str) -> str:
    return unicodedata.normalize("NFC", text)


TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20).map(normal)
VALUES = st.recursive(
    st.booleans() | st.integers(-MAX, MAX) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


def clean(value: object) -> bool:
    """Whether joining cannot have made a string that is not NFC or holds NUL."""
    try:
        canonical.check(value, "$")
    except canonical.NotCanonical:
        return False
    return True


@given(VALUES)
def test_what_is_encoded_is_decoded_to_the_same_value_and_the_same_bytes(value):
    assert clean(value)
    data = canonical.encode(value)
    back = canonical.decode(data)
    assert back == value
    assert canonical.encode(back) == data == rfc8785.dumps(value)


@given(VALUES)
def test_the_order_in_which_an_object_was_filled_does_not_matter(value):
    def turned(item: object) -> object:
        if isinstance(item, dict):
            return {key: turned(item[key]) for key in reversed(item)}
        return [turned(one) for one in item] if isinstance(item, list) else item

    assert canonical.encode(turned(value)) == canonical.encode(value)  # type: ignore[arg-type]


@given(VALUES, st.integers(0, 10_000), st.binary(min_size=1, max_size=1))
def test_bytes_changed_anywhere_are_refused_or_mean_something_else(value, place, byte):
    data = canonical.encode(value)
    place %= len(data)
    other = data[:place] + byte + data[place + 1 :]
    try:
        back = canonical.decode(other)
    except canonical.NotCanonical:
        return
    assert other == data or canonical.encode(back) != data


@given(st.lists(TEXTS, max_size=8))
def test_a_row_of_cells_by_the_json_module_is_its_canonical_form(cells):
    assert json.dumps(cells, ensure_ascii=False, separators=(",", ":")).encode() == canonical.encode(cells)


@given(VALUES, st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16))
def test_a_commitment_depends_on_value_and_salt(value, one, two):
    first, second = Private(value, one).commitment, Private(value, two).commitment
    assert (first == second) == (one == two)
    assert first != Private([value], one).commitment
    assert is_commitment({"private": first})
    assert commitments({"a": [{"private": first}], "b": {"c": {"private": second}}}) == [first, second]


@pytest.mark.parametrize("salt", [b"", bytes(15), bytes(17)])
def test_a_salt_has_sixteen_bytes(salt):
    with pytest.raises(ValueError, match="16"):
        commit(b'"a"', salt)


def test_salts_are_drawn_anew_each_time():
    assert len({Private("张某某").commitment for _ in range(100)}) == 100
    assert CONTEXT.endswith(b"\0")


@pytest.mark.parametrize(
    "other",
    [
        {"private": "0" * 63},
        {"private": "0" * 65},
        {"private": "0" * 64 + "\n"},
        {"private": "A" * 64},
        {"private": 1},
        {"private": "0" * 64, "more": 1},
        {},
        "0" * 64,
        ["private"],
    ],
)
def test_nothing_else_is_taken_for_a_commitment(other):
    assert not is_commitment(other)
    assert set(string.hexdigits) >= set("0")
