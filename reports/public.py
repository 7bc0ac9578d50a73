"""The public version of a statement: the same totals, nothing personal.

Every text of a statement has a rule in `reports.public_rules`, by class and
field; a text without a rule is left out. So a field that is added later stays
private until somebody says that it is public. Figures, dates and names that
come from the chart of accounts (`Text`) stay.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ledger.months import Month
from ledger.statement import MonthlyStatement
from ledger.words import Text
from reports import public_rules
from reports.naming import PUBLIC
from reports.public_rules import RULES, Known, Rule

_NAMES = (public_rules.name, public_rules.organisation)
NAME_LEAST, NAME_MOST = 2, 30
"""One character is in every text; longer names than this are sentences."""


def masked(
    statement: MonthlyStatement, internal_digest: str, *, names: frozenset[str] = frozenset()
) -> MonthlyStatement:
    """Return the public version of an internal statement, which names the digest of that one (hex).

    `names` are further personal names of the book, of people who do not stand in
    the statement: a note that holds one is left out. Raise ValueError for a
    statement that is public already, or without a digest to refer to.
    """
    if statement.audience == PUBLIC or not internal_digest:
        raise ValueError("a public version is made of an internal statement and its digest")
    told = list(_texts(statement, public_rules.drop))
    known = Known(
        names=names | {text.strip() for text, rule in told if rule in _NAMES and _a_name(text, rule)},
        tokens=frozenset(text for text, rule in told if rule is public_rules.token and text),
    )
    made: MonthlyStatement = _masked(statement, public_rules.drop, known)
    return replace(made, audience=PUBLIC, internal_digest=internal_digest)


def _a_name(text: str, rule: Rule) -> bool:
    """Whether a text in a field of names may be a person's: an organisation's field holds few of those."""
    if rule is public_rules.organisation:
        return public_rules.organisation(text, Known(frozenset(), frozenset())) != text
    return NAME_LEAST <= len(text.strip()) <= NAME_MOST


def _texts(value: object, rule: Rule) -> Iterator[tuple[str, Rule]]:
    """Yield every text of a value with its rule; a name from the chart counts as a public word."""
    if isinstance(value, str):
        yield value, rule
    elif isinstance(value, Text):
        yield value.zh, public_rules.token
        yield value.en, public_rules.token
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item, rule)
    elif dataclasses.is_dataclass(value) and not isinstance(value, Month):
        for field in dataclasses.fields(value):
            yield from _texts(getattr(value, field.name), _rule(value, field.name))


def _rule(value: object, field: str) -> Rule:
    return RULES.get((type(value).__name__, field), public_rules.drop)


def _masked(value: Any, rule: Rule, known: Known) -> Any:  # noqa: ANN401 - a value of any section, and the same kind back
    if isinstance(value, str):
        return rule(value, known)
    if isinstance(value, tuple):
        if rule is public_rules.value and len(value) == 2 and isinstance(value[0], str):  # noqa: PLR2004 - a pair
            return value[0], rule(str(value[1]), known)
        return tuple(_masked(item, rule, known) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, Text | Month | type):
        fields = {
            field.name: _masked(getattr(value, field.name), _rule(value, field.name), known)
            for field in dataclasses.fields(value)
        }
        return replace(value, **fields)
    return value
