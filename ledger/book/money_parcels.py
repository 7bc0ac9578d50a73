"""What money is followed by: owners, vouchers, places and moves, and how a sum is divided over accounts. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

Owner = tuple[str, str]
"""Stream (`tips` or `commission`) and broadcast number; the number is empty for money of no broadcast."""
TIPS, COMMISSION = "tips", "commission"
UNKNOWN = ""
"""Number of money that the book opened with, or of no broadcast."""


@dataclass(frozen=True, slots=True)
class Voucher:
    """One posted entry: its lines as (account, fen), debit positive. `broadcast` may be empty."""

    idx: int
    number: str
    day: date
    broadcast: str
    lines: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Places:
    """Which accounts the money passes. `queues`, `income` and `deductions` give the stream of an account.

    `bank` is where the way ends; what is put into `suspense` is in the bank already; `clawback` is a debt to
    the platform that lessens what is awaited.
    """

    queues: Mapping[str, str]
    income: Mapping[str, str]
    deductions: Mapping[str, str]
    bank: str
    suspense: str
    clawback: str


@dataclass(frozen=True, slots=True)
class Move:
    """A part of an owner's money that a voucher moved, fen; `source` or `target` is empty where it begins or ends.

    `swapped` names the broadcast with which money was exchanged because of a claw-back.
    """

    owner: Owner
    source: str
    target: str
    fen: int
    entry: int
    number: str
    day: date
    swapped: str = ""


def spread(parts: Sequence[int], into: Sequence[tuple[str, int]]) -> list[list[tuple[str, int]]]:
    """Divide parts over accounts, each in the proportion of the whole, to the fen.

    Tax of a withdrawal lies on all of it. Rounding is carried along, so that what each part gives and
    what each account gets add up exactly where the parts add up to the accounts.
    """
    whole = sum(fen for _, fen in into)
    found, before = [], 0
    for fen in parts:
        after = before + fen
        shares = [(account, after * share // whole - before * share // whole) for account, share in into[:-1]]
        shares.append((into[-1][0], fen - sum(part for _, part in shares)))
        found.append([(account, part) for account, part in shares if part])
        before = after
    return found
