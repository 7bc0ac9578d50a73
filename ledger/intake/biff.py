"""The records of an old .xls ([MS-XLS], Excel 97 and later), read without trust.

Read here, and not by a library: the ones at hand end the whole process on bad bytes, or hide formulas,
hidden rows and the shown decimals.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from struct import error as BadLength  # noqa: N812 - an exception class, named as one here
from struct import unpack_from
from typing import NamedTuple

from ledger.intake.compound import Damaged, stream_of

_BOF, _EOF, _CONTINUE = 0x0809, 0x000A, 0x003C
_BOUNDSHEET, _PASSWORD, _DATES_FROM, _STRINGS, _FORMAT, _STYLE = 0x85, 0x2F, 0x22, 0xFC, 0x041E, 0xE0
_FORMULA, _NUMBER, _SHORT, _SHORTS, _SHARED, _TRUTH = 0x06, 0x0203, 0x027E, 0xBD, 0xFD, 0x0205
_LABELS = frozenset({0x0204, 0xD6})
_VALUES = frozenset({_FORMULA, _NUMBER, _SHORT, _SHARED, _TRUTH})
_ROW, _COLUMNS, _DEFAULT_ROW, _MERGED = 0x0208, 0x7D, 0x0225, 0xE5
_VERSION = 0x0600
_MACRO_SHEETS = frozenset({1, 6})
_WIDE, _EXTENDED, _RICH = 1, 4, 8


class Odd(Enum):
    """Cells whose value is not to be trusted, each with what stands for it."""

    FORMULA = "="
    ERROR = "#N/A"


class Cell(NamedTuple):
    """A filled cell; row and column count from 1, `style` is an index into `Book.formats`."""

    row: int
    column: int
    value: str | float | bool | Odd
    style: int


@dataclass(slots=True)
class Sheet:
    """A sheet, and what its layout hides; known once its cells were taken. Rows and columns count from 1."""

    name: str
    hidden: bool
    plain: bool
    place: int
    rows_hidden: bool = False
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Book:
    """A workbook: `formats` gives each style's number of format, `codes` the formats of its own."""

    stream: bytes
    encrypted: bool = False
    macros: bool = False
    from_1904: bool = False
    sheets: list[Sheet] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    formats: list[int] = field(default_factory=list)
    codes: dict[int, str] = field(default_factory=dict)


def book_of(data: bytes) -> Book:
    """Read all but the cells; raise Damaged where it is no .xls, cut short, or older than Excel 97."""
    names, stream = stream_of(data, "Workbook")
    book = Book(stream, macros="_VBA_PROJECT_CUR" in names)
    try:
        _read_globals(book)
    except (BadLength, IndexError, UnicodeDecodeError) as error:
        raise Damaged from error
    return book


def cells(book: Book, sheet: Sheet) -> Iterator[Cell]:
    """Yield the filled cells of a sheet in the file's order, and note what its layout hides."""
    try:
        yield from _cells(book, sheet)
    except (BadLength, IndexError, UnicodeDecodeError) as error:
        raise Damaged from error


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Yield each record's kind, place of its content, and length; the end is a record of its own."""
    while at + 4 <= len(stream):
        kind, length = unpack_from("<HH", stream, at)
        yield kind, at + 4, length
        at += 4 + length
    raise Damaged


def _read_globals(book: Book) -> None:
    stream = book.stream
    if unpack_from("<H2xH", stream) != (_BOF, _VERSION):
        raise Damaged
    strings: list[bytes] = []
    last = _BOF
    for kind, at, length in _records(stream, 0):
        if kind == _PASSWORD:
            book.encrypted = True
            return
        if kind != _CONTINUE:
            last = kind
        if last == _STRINGS:
            strings.append(stream[at : at + length])
        elif kind == _EOF:
            break
        else:
            _read_global(book, kind, at)
    book.strings = _shared_strings(strings)


def _read_global(book: Book, kind: int, at: int) -> None:
    """Take one record that holds for the whole workbook."""
    stream = book.stream
    if kind == _BOUNDSHEET:
        place, state, sort, count = unpack_from("<IBBB", stream, at)
        book.macros |= sort in _MACRO_SHEETS
        name = _text(stream, at + 7, count)
        book.sheets.append(Sheet(name, bool(state & 3), not sort, place))
    elif kind == _DATES_FROM:
        book.from_1904 = bool(unpack_from("<H", stream, at)[0])
    elif kind == _STYLE:
        book.formats.append(unpack_from("<2xH", stream, at)[0])
    elif kind == _FORMAT:
        number, count = unpack_from("<HH", stream, at)
        book.codes[number] = _text(stream, at + 4, count)


def _text(stream: bytes, at: int, count: int) -> str:
    """Return a string whose flags stand at `at`, before its characters."""
    if stream[at] & _WIDE:
        return stream[at + 1 : at + 1 + 2 * count].decode("utf-16-le")
    return stream[at + 1 : at + 1 + count].decode("latin-1")


def _shared_strings(parts: list[bytes]) -> list[str]:
    """Return the strings that cells share; a string may go on in the next part, there with flags again."""
    if not parts:
        return []
    reader = _Parts(parts)
    count = unpack_from("<4xI", reader.take(8))[0]
    found: list[str] = []
    while len(found) < count and not reader.at_end():
        length, flags = unpack_from("<HB", reader.take(3))
        runs = unpack_from("<H", reader.take(2))[0] if flags & _RICH else 0
        extra = unpack_from("<I", reader.take(4))[0] if flags & _EXTENDED else 0
        found.append(reader.letters(length, wide=bool(flags & _WIDE)))
        reader.take(4 * runs + extra)
    return found


class _Parts:
    """Reads on from one part to the next."""

    def __init__(self, parts: list[bytes]) -> None:
        self.parts = parts
        self.part = 0
        self.at = 0

    def at_end(self) -> bool:
        """Tell whether nothing is left, moving to the next part where this one is used up."""
        while self.part < len(self.parts) and self.at >= len(self.parts[self.part]):
            self.part, self.at = self.part + 1, 0
        return self.part >= len(self.parts)

    def take(self, count: int) -> bytes:
        """Return the next bytes, from as many parts as they take."""
        taken = b""
        while len(taken) < count:
            if self.at_end():
                raise Damaged
            piece = self.parts[self.part][self.at : self.at + count - len(taken)]
            self.at += len(piece)
            taken += piece
        return taken

    def letters(self, count: int, *, wide: bool) -> str:
        """Return the next letters; each further part says anew whether they are wide."""
        units = b""
        while count:
            if self.at >= len(self.parts[self.part]):
                if self.at_end():
                    raise Damaged
                wide = bool(self.take(1)[0] & _WIDE)
            size = 2 if wide else 1
            here = min(count, (len(self.parts[self.part]) - self.at) // size)
            if here <= 0:
                raise Damaged
            piece = self.parts[self.part][self.at : self.at + here * size]
            units += piece if wide else piece.decode("latin-1").encode("utf-16-le")
            self.at += here * size
            count -= here
        return units.decode("utf-16-le")


def _cells(book: Book, sheet: Sheet) -> Iterator[Cell]:
    """Yield the cells between a sheet's first record and its last; a chart inside it has its own."""
    stream, depth = book.stream, 0
    for kind, at, length in _records(stream, sheet.place):
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 0:
            raise Damaged  # the sheet is not where the workbook says
        elif depth > 1:
            continue
        elif kind == _SHORTS:
            row, column = unpack_from("<HH", stream, at)
            for more in range((length - 6) // 6):
                style, short = unpack_from("<HI", stream, at + 4 + 6 * more)
                yield Cell(row + 1, column + more + 1, _short(short), style)
        elif kind in _VALUES or kind in _LABELS:
            row, column, style = unpack_from("<HHH", stream, at)
            yield Cell(row + 1, column + 1, _value(book, kind, at, length), style)
        else:
            _note(sheet, stream, kind, at)


def _value(book: Book, kind: int, at: int, length: int) -> str | float | bool | Odd:
    stream = book.stream
    if kind == _NUMBER:
        number: float = unpack_from("<d", stream, at + 6)[0]
        return number
    if kind == _SHORT:
        return _short(unpack_from("<I", stream, at + 6)[0])
    if kind == _SHARED:
        place: int = unpack_from("<I", stream, at + 6)[0]
        return book.strings[place]
    if kind in _LABELS:
        count = unpack_from("<H", stream, at + 6)[0]
        text = _text(stream, at + 8, count)
        if at + 9 + count * (2 if stream[at + 8] & _WIDE else 1) > at + length:
            raise Damaged
        return text
    if kind == _TRUTH:
        return Odd.ERROR if stream[at + 7] else bool(stream[at + 6])
    return Odd.FORMULA


def _short(number: int) -> float:
    """Return a number that is stored in 30 bits: the upper ones of a float, or an integer, perhaps of cents."""
    if number & 2:
        whole = (number >> 2) - (1 << 30 if number & 0x80000000 else 0)
        return whole / 100 if number & 1 else whole
    upper: float = unpack_from("<d", bytes(4) + (number & 0xFFFFFFFC).to_bytes(4, "little"))[0]
    return upper / 100 if number & 1 else upper


def _note(sheet: Sheet, stream: bytes, kind: int, at: int) -> None:
    """Note what a record says of the layout."""
    if kind == _ROW:
        row, height, flags = unpack_from("<H4xH4xI", stream, at)
        if flags & 0x20 or not height & 0x7FFF:
            sheet.hidden_rows.append(row + 1)
    elif kind == _COLUMNS:
        first, last, width, flags = unpack_from("<HHH2xH", stream, at)
        if flags & 1 or not width:
            sheet.hidden_columns.append((first + 1, last + 1))
    elif kind == _DEFAULT_ROW:
        sheet.rows_hidden = bool(unpack_from("<H", stream, at)[0] & 2)
    elif kind == _MERGED:
        for item in range(unpack_from("<H", stream, at)[0]):
            first, last = unpack_from("<HH", stream, at + 2 + 8 * item)
            sheet.merged.append((first + 1, last + 1))
