"""Rules for the bodies of records: small checks that combine, and say where something is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from ledger.errors import Invalid
from ledger.months import Month, parse_stamp
from ledger.proof.private import is_commitment
from ledger.words import N_

CHARACTERS_MAX = 4000
Rule = Callable[[object, str], None]


class BadRecord(Invalid):
    """A record's body does not have the shape of its kind."""


def _refuse(where: str, wanted: str) -> BadRecord:
    return BadRecord(N_("记录的 {where} 应为 {wanted}。"), where=where, wanted=wanted)


def text(value: object, where: str) -> None:
    """A string of up to 4,000 characters."""
    if not isinstance(value, str) or len(value) > CHARACTERS_MAX:
        raise _refuse(where, "text")


def word(value: object, where: str) -> None:
    """A string that is not empty."""
    text(value, where)
    if not value:
        raise _refuse(where, "text")


def integer(value: object, where: str) -> None:
    """An integer (fen, counts, indexes)."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise _refuse(where, "integer")


def count(value: object, where: str) -> None:
    """An integer, not negative."""
    integer(value, where)
    if not isinstance(value, int) or value < 0:
        raise _refuse(where, "count")


def hexadecimal(digits: int) -> Rule:
    """A lower-case hex string of that many digits."""
    pattern = re.compile(f"[0-9a-f]{{{digits}}}")

    def rule(value: object, where: str) -> None:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise _refuse(where, f"hex {digits}")

    return rule


digest = hexadecimal(64)


def ranges(value: object, where: str) -> None:
    """Row ranges `[first, last]`, inclusive, rising, apart from each other, at least one."""
    if not isinstance(value, list) or not value:
        raise _refuse(where, "ranges")
    end = -1
    for number, span in enumerate(value):
        place = f"{where}[{number}]"
        if not isinstance(span, list) or len(span) != 2:  # noqa: PLR2004 - first and last
            raise _refuse(place, "[first, last]")
        for item in span:
            count(item, place)
        if not end < span[0] <= span[1]:
            raise _refuse(place, "[first, last]")
        end = span[1]


def day(value: object, where: str) -> None:
    """A date, `YYYY-MM-DD`."""
    try:
        good = isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        good = False
    if not good:
        raise _refuse(where, "YYYY-MM-DD")


def month(value: object, where: str) -> None:
    """A month, `YYYY-MM`."""
    text(value, where)
    Month.parse(str(value))


def moment(value: object, where: str) -> None:
    """A moment in China time as `ledger.months.stamp` writes it."""
    text(value, where)
    parse_stamp(str(value))


def private(value: object, where: str) -> None:
    """A commitment that stands for a private value."""
    if not is_commitment(value):
        raise _refuse(where, "private")


def anything(value: object, where: str) -> None:
    """Any canonical value without commitments checked elsewhere."""


def scalar_or_private(value: object, where: str) -> None:
    """A text, an integer, or a commitment."""
    if isinstance(value, dict):
        private(value, where)
    elif isinstance(value, str):
        text(value, where)
    else:
        integer(value, where)


def one_of(*words: str) -> Rule:
    """One of the words given."""

    def rule(value: object, where: str) -> None:
        if value not in words:
            raise _refuse(where, "|".join(words))

    return rule


@dataclass(frozen=True, slots=True)
class Optional:
    """A field that may be absent."""

    rule: Rule


def each(rule: Rule) -> Rule:
    """A list whose every item follows `rule`."""

    def check(value: object, where: str) -> None:
        if not isinstance(value, list):
            raise _refuse(where, "list")
        for number, item in enumerate(value):
            rule(item, f"{where}[{number}]")

    return check


def mapping(rule: Rule) -> Rule:
    """An object with any names, whose values follow `rule`."""

    def check(value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise _refuse(where, "object")
        for name, item in value.items():
            rule(item, f"{where}.{name}")

    return check


def shape(**fields: Rule | Optional) -> Rule:
    """An object with exactly these fields (a trailing underscore in a name is dropped)."""
    rules = {name.rstrip("_"): rule for name, rule in fields.items()}
    required: Collection[str] = [name for name, rule in rules.items() if not isinstance(rule, Optional)]

    def check(value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise _refuse(where, "object")
        for name in required:
            if name not in value:
                raise _refuse(f"{where}.{name}", "present")
        for name, item in value.items():
            rule = rules.get(name)
            if rule is None:
                raise _refuse(f"{where}.{name}", "absent")
            (rule.rule if isinstance(rule, Optional) else rule)(item, f"{where}.{name}")

    return check
