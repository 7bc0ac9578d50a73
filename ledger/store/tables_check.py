"""Projections about reconciliation, hand-over, exceptions and the close."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import SQLModel

from ledger.store.columns import Col, blob, integer, maybe_text, text
from ledger.store.tables import STRICT, of_record


class SourceLeaf(SQLModel, table=True):
    """Private: the salted leaf of a row that was not kept, of a personal wallet's bill (file `file_idx`, row `n`)."""

    __tablename__ = "source_leaf"
    __table_args__ = (STRICT,)
    book_id: Col[str] = text(key=True)
    file_idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    leaf: Col[bytes] = blob()


class CalendarYear(SQLModel, table=True):
    """Projection of `calendar.loaded`; the newest row of a year and region holds. Days are JSON lists."""

    __tablename__ = "calendar_year"
    __table_args__ = (of_record(), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    year: Col[int] = integer()
    region: Col[str] = text()
    off: Col[str] = text()
    work: Col[str] = text()
    source: Col[str] = text()


class BankProfile(SQLModel, table=True):
    """Projection of `profile.saved`: how the columns of a bank's file are mapped; newest of a fingerprint holds."""

    __tablename__ = "bank_profile"
    __table_args__ = (of_record(), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    fingerprint: Col[str] = text()
    name: Col[str] = text()
    reader: Col[str] = text()


class StatementPlace(SQLModel, table=True):
    """Projection of `statement.placed`: to which account of the chart a received statement belongs."""

    __tablename__ = "statement_place"
    __table_args__ = (
        of_record(),
        UniqueConstraint("book_id", "file_idx"),
        Index("statement_place_account", "book_id", "account", "last_day"),
        STRICT,
    )
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    file_idx: Col[int] = integer()
    account: Col[str] = text()
    opening_fen: Col[int] = integer()
    closing_fen: Col[int] = integer()
    first_day: Col[str] = text()
    last_day: Col[str] = text()


class Match(SQLModel, table=True):
    """Projection of `lines.matched`: lines of a statement and of the books that are the same money."""

    __tablename__ = "line_match"
    __table_args__ = (of_record(), Index("line_match_account", "book_id", "account", "period"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    account: Col[str] = text()
    period: Col[str] = text()
    how: Col[str] = text()
    reason: Col[str | None] = maybe_text()


class MatchLine(SQLModel, table=True):
    """Projection of `lines.matched`. `side` statement: file and row; book: entry and line. fen: in positive."""

    __tablename__ = "line_match_part"
    __table_args__ = (
        of_record(),
        CheckConstraint("side IN ('statement', 'book')"),
        Index("line_match_part_source", "book_id", "side", "source", "line"),
        STRICT,
    )
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    side: Col[str] = text()
    source: Col[int] = integer()
    line: Col[int] = integer()
    fen: Col[int] = integer()


class MatchUndone(SQLModel, table=True):
    """Projection of `match.undone`."""

    __tablename__ = "line_match_undone"
    __table_args__ = (of_record(), UniqueConstraint("book_id", "match_idx"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    match_idx: Col[int] = integer()
    reason: Col[str] = text()


class Judgement(SQLModel, table=True):
    """Projection of `line.judged`: what is said of a line without a partner; the newest of a line holds."""

    __tablename__ = "judgement"
    __table_args__ = (
        of_record(),
        Index("judgement_account", "book_id", "account", "period"),
        Index("judgement_source", "book_id", "side", "source", "line"),
        STRICT,
    )
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    account: Col[str] = text()
    period: Col[str] = text()
    side: Col[str] = text()
    source: Col[int] = integer()
    line: Col[int] = integer()
    fen: Col[int] = integer()
    state: Col[str] = text()
    reason: Col[str] = text()
    expected: Col[str | None] = maybe_text()


class BalanceShown(SQLModel, table=True):
    """Projection of `balance.shown`: the balance that a platform or a bank shows on a screen, with its picture."""

    __tablename__ = "balance_shown"
    __table_args__ = (of_record(), Index("balance_shown_account", "book_id", "account", "day"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    account: Col[str] = text()
    day: Col[str] = text()
    balance_fen: Col[int] = integer()


class Handover(SQLModel, table=True):
    """Projection of `handover.declared`: what the streamer declares, on screen or on paper. `host` is a commitment."""

    __tablename__ = "handover"
    __table_args__ = (of_record(), Index("handover_through", "book_id", "through"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    through: Col[str] = text()
    host: Col[str] = text()
    host_person: Col[str | None] = maybe_text()
    withdrawn_fen: Col[int] = integer()
    handed_over_fen: Col[int] = integer()
    in_hands_fen: Col[int] = integer()
    method: Col[str] = text()
    text: Col[str] = text()


class ExceptionOutcome(SQLModel, table=True):
    """Projection of `exception.settled`. `facts` is the digest of what the rule saw: other facts open it again."""

    __tablename__ = "exception_outcome"
    __table_args__ = (of_record(), Index("exception_outcome_subject", "book_id", "rule", "subject"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    period: Col[str] = text()
    rule: Col[str] = text()
    subject: Col[str] = text()
    facts: Col[str] = text()
    outcome: Col[str] = text()
    text: Col[str] = text()


class Override(SQLModel, table=True):
    """Projection of `warning.overridden`: an entry that was posted although a warning stood, and why."""

    __tablename__ = "warning_override"
    __table_args__ = (of_record(), Index("warning_override_entry", "book_id", "entry_idx"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    entry_idx: Col[int] = integer()
    rule: Col[str] = text()
    subject: Col[str] = text()
    reason: Col[str] = text()


class MonthClosed(SQLModel, table=True):
    """Projection of `month.closed`: after it nothing is posted into the month. `checklist` is JSON."""

    __tablename__ = "month_closed"
    __table_args__ = (of_record(), UniqueConstraint("book_id", "period"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    period: Col[str] = text()
    drafter: Col[str] = text()
    confirmer: Col[str] = text()
    checklist: Col[str] = text()


class ClosedSum(SQLModel, table=True):
    """Projection of `month.closed`. `part` balance: after close, debit or credit; year, total: turnovers to date."""

    __tablename__ = "closed_sum"
    __table_args__ = (
        of_record(),
        CheckConstraint("part IN ('balance', 'year', 'total')"),
        Index("closed_sum_period", "book_id", "period", "part"),
        STRICT,
    )
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    period: Col[str] = text()
    part: Col[str] = text()
    account: Col[str] = text()
    debit_fen: Col[int] = integer()
    credit_fen: Col[int] = integer()


class Disclosure(SQLModel, table=True):
    """Projection of `disclosure.made`: a duty of publication, fulfilled for a subject (a month, a project)."""

    __tablename__ = "disclosure"
    __table_args__ = (of_record(), Index("disclosure_duty", "book_id", "duty", "subject"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    duty: Col[str] = text()
    subject: Col[str] = text()
    done_on: Col[str] = text()
    link: Col[str] = text()
