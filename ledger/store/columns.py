"""Column types that STRICT tables on SQLite and PostgreSQL both take.

SQLModel's own `str` gives VARCHAR, which STRICT refuses. Texts sort by code
point on both databases (`COLLATE "C"`), so an order never depends on the server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field

if TYPE_CHECKING:
    from sqlalchemy.orm import Mapped

    Col = Mapped
else:

    class Col:
        """A column's annotation: to a type checker `Mapped[int]`, to SQLModel plain `int`.

        So that `Table.idx` is a column in a query and `row.idx` an integer, both checked.
        """

        def __class_getitem__(cls, item: object) -> object:
            """Return the type inside."""
            return item


TEXT = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
INTEGER = BigInteger().with_variant(Integer(), "sqlite")
BLOB = LargeBinary().with_variant(sqlite.BLOB(), "sqlite")


def text(*, key: bool = False) -> Any:  # noqa: ANN401 - SQLModel's Field is Any as well
    """A required text column."""
    return Field(sa_column=Column(TEXT, primary_key=key, nullable=False))


def integer(*, key: bool = False) -> Any:  # noqa: ANN401
    """A required integer column: counts, fen, record indexes."""
    return Field(sa_column=Column(INTEGER, primary_key=key, nullable=False, autoincrement=False))


def blob(*, key: bool = False) -> Any:  # noqa: ANN401
    """A required column of bytes."""
    return Field(sa_column=Column(BLOB, primary_key=key, nullable=False))


def maybe_text() -> Any:  # noqa: ANN401
    """A text column that may be absent."""
    return Field(default=None, sa_column=Column(TEXT, nullable=True))


def maybe_integer() -> Any:  # noqa: ANN401
    """An integer column that may be absent."""
    return Field(default=None, sa_column=Column(INTEGER, nullable=True))
