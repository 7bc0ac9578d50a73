"""The digest of a statement: what the cover prints and what the parties sign."""

from __future__ import annotations

import dataclasses
import hashlib
from datetime import date, datetime

import rfc8785

from ledger.months import Month, stamp
from ledger.statement import MonthlyStatement

Json = None | str | bool | int | list["Json"] | dict[str, "Json"]


def canonical(statement: MonthlyStatement) -> bytes:
    """Return the statement as canonical JSON (RFC 8785).

    Keys are the field names; moments are China time to the second, days are ISO,
    a month is `YYYY-MM`; a value that is not known is null.
    """
    return rfc8785.dumps(_plain(statement))


def statement_digest(statement: MonthlyStatement) -> str:
    """Return the SHA-256 of the canonical JSON in hex."""
    return hashlib.sha256(canonical(statement)).hexdigest()


def _plain(value: object) -> Json:
    """Return a value of the statement as JSON knows it; refuse a kind it does not have."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Month):
        return str(value)
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    raise TypeError(f"a statement holds no {type(value).__name__}")
