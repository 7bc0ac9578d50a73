"""The digest of a statement covers every value in it."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from reports.digest import canonical, statement_digest
from tests.sample_statement import sample


def changed(value: object) -> object:  # noqa: PLR0911 - a value of each kind
    """Return another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return value + "·"
    if isinstance(value, datetime):
        return value.replace(minute=(value.minute + 1) % 60)
    if isinstance(value, date):
        return value.replace(day=value.day % 28 + 1)
    if isinstance(value, tuple):
        return (*value[:-1], changed(value[-1])) if value else ("x",)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        name = dataclasses.fields(value)[-1].name
        return replace(value, **{name: changed(getattr(value, name))})
    return 0 if value is None else value


def test_changing_any_field_changes_the_digest() -> None:
    statement = sample()
    seen = {statement_digest(statement)}
    names = [field.name for field in dataclasses.fields(statement)]
    for name in names:
        seen.add(statement_digest(replace(statement, **{name: changed(getattr(statement, name))})))  # type: ignore[arg-type]
    assert len(seen) == len(names) + 1


def test_changing_any_field_of_a_line_in_any_section_changes_the_digest() -> None:
    statement = sample()
    seen, count = {statement_digest(statement)}, 1
    for section in dataclasses.fields(statement):
        held = getattr(statement, section.name)
        several = isinstance(held, tuple)
        first = held[0] if several and held else held
        if not dataclasses.is_dataclass(first) or isinstance(first, type):
            continue
        for field in dataclasses.fields(first):
            line = replace(first, **{field.name: changed(getattr(first, field.name))})
            put: object = (line, *held[1:]) if several else line
            seen.add(statement_digest(replace(statement, **{section.name: put})))  # type: ignore[arg-type]
            count += 1
    assert count > 200
    assert len(seen) == count


def test_the_canonical_form_is_plain_json_with_iso_dates() -> None:
    told = json.loads(canonical(sample()))
    assert told["month"] == "2026-03"
    assert told["as_of"] == "2026-04-03T11:20:00+08:00"
    assert told["spending"][0]["date"] == "2026-03-21"
    assert told["lines"][0]["opening_fen"] is None
    assert told["summary"]["closing_fund_fen"] == 2_122_960


def test_a_moment_is_the_same_in_whatever_zone_it_is_given() -> None:
    statement = sample()
    assert canonical(replace(statement, as_of=statement.as_of.astimezone(UTC))) == canonical(statement)


def test_a_kind_of_value_that_json_has_not_is_refused() -> None:
    with pytest.raises(TypeError, match="float"):
        statement_digest(replace(sample(), version=1.5))  # type: ignore[arg-type]
