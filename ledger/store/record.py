"""One record: the value that the log stores, projections read and verification checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Record:
    """One fact in a book's log. `at` is China time as written, `leaf` the RFC 6962 leaf hash."""

    book: str
    index: int
    kind: str
    at: str
    by: str
    body: dict[str, Any]
    data: bytes
    leaf: bytes
