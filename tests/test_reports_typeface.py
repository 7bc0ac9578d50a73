"""Fonts: what can be shown, and where a line may break."""

from __future__ import annotations

import pytest

from reports import typeface

LATIN = "Anonymous contributors and 12,345.67 yuan"


def test_a_line_never_begins_with_closing_punctuation_nor_ends_with_an_opening_one() -> None:
    text = "示例县（公益直播）善款，已转入“监管专户”；余额：￥12,004.76元。共计100%！"
    for limit in range(45, 200, 3):
        lines = typeface.wrap(text, limit, 10)
        assert "".join(lines) == text
        for line in lines[1:]:
            assert line[0] not in "，。；：！）”%", (limit, lines)
        for line in lines[:-1]:
            assert line[-1] not in "（“￥", (limit, lines)


def test_english_words_and_amounts_are_never_cut_while_they_fit_on_a_line() -> None:
    words = set(LATIN.split())
    for limit in range(70, 200, 5):
        lines = typeface.wrap(LATIN, limit, 10)
        assert all(typeface.width(line, 10) <= limit for line in lines)
        assert {word for line in lines for word in line.split()} == words


def test_a_voucher_number_stays_in_one_piece() -> None:
    for limit in range(40, 120):
        assert all("记-0001" in line for line in typeface.wrap("记-0001 记-0001", limit, 10) if line)


def test_a_digest_wider_than_the_line_is_cut_and_nothing_is_lost() -> None:
    digest = "0123456789abcdef" * 4
    lines = typeface.wrap(digest, 100, 8)
    assert len(lines) > 1
    assert "".join(lines) == digest
    assert all(typeface.width(line, 8) <= 100 for line in lines)


def test_no_line_is_wider_than_asked_in_any_script() -> None:
    text = typeface.clean("混排 mixed 文字𬭚😀Ünïcode—…（括号）" * 3)
    for limit in range(24, 150, 7):
        assert all(
            typeface.width(line, 9, bold=True) <= limit for line in typeface.wrap(text, limit, 9, bold=True)
        )


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("普通 text", "普通 text"),
        ("𠮷野", "[U+20BB7]野"),
        ("한", "[U+D55C]"),
        ("a\u202eb", "a[U+202E]b"),
        ("a\u200bb", "a[U+200B]b"),
        ("a\x00b", "a[U+0000]b"),
        ("\ud83d", "[U+D83D]"),
        ("👨\u200d👩\ufe0f", "👨👩"),
        ("a\tb\u00a0c", "a b c"),
        ("line\nline", "line\nline"),
    ],
)
def test_what_cannot_be_shown_is_named(given: str, shown: str) -> None:
    assert typeface.clean(given) == shown


def test_each_character_is_set_in_the_first_font_that_has_it() -> None:
    assert typeface.runs("县abc") == [(typeface.REGULAR, "县abc")]
    assert typeface.runs("县😀a") == [
        (typeface.REGULAR, "县"),
        (typeface.EMOJI, "😀"),
        (typeface.REGULAR, "a"),
    ]
    rare = "㼆"  # in the regular font, not in the bold subset
    assert typeface.runs(f"县{rare}", bold=True) == [(typeface.BOLD, "县"), (typeface.REGULAR, rare)]


def test_the_bold_subset_has_the_8105_characters_that_names_and_places_use() -> None:
    assert typeface.runs("䶮㛃𬭚𫟹錞", bold=True)[0] == (typeface.BOLD, "䶮㛃𬭚𫟹")


def test_a_table_to_unicode_is_utf_16_in_blocks_of_a_hundred() -> None:
    told = typeface.to_unicode("F", [0, *range(0x4E00, 0x4E00 + 150), ord("𬭚")])
    assert "<97> <D872DF5A>" in told
    assert "100 beginbfchar" in told
    assert "51 beginbfchar" in told
    assert "<00> <0000>" not in told
