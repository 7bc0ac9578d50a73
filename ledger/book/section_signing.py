"""Sections of the statement about vouchers, who signed them, and the attachments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy.orm import Session

from ledger.book import evidence, states
from ledger.book.duties import CHARITY, DISCIPLINE, RED_CROSS, SIGNING_PARTIES
from ledger.book.month import MonthView
from ledger.money import yuan
from ledger.months import parse_stamp
from ledger.sections import AttachmentLine, PartyLine, SignerLine, VoucherLine


def vouchers(seen: MonthView) -> tuple[VoucherLine, ...]:
    """Return the month's vouchers with each party's decision."""
    return tuple(
        VoucherLine(
            entry.number,
            date.fromisoformat(entry.date),
            seen.chart.type(entry.type).name,
            entry.summary,
            entry.amount_fen,
            entry.broadcast or "",
            entry.attachments,
            tuple(
                (party, _decision(seen, entry.idx, party)) for party, _, _ in seen.standings[entry.idx].duties
            ),
            seen.standings[entry.idx].state,
            entry.leaf,
        )
        for entry in seen.entries
    )


def _decision(seen: MonthView, idx: int, party: str) -> str:
    word = seen.standings[idx].words.get(party)
    return word.decision if word else ""


def parties(seen: MonthView) -> tuple[PartyLine, ...]:
    """Return the signature page: each institution's statement, counts and signers (domain C1)."""
    return tuple(_party(seen, party) for party in SIGNING_PARTIES if party in seen.parties)


def _party(seen: MonthView, party: str) -> PartyLine:
    due = [s for s in seen.standings.values() if any(who == party for who, _, _ in s.duties)]
    words = [s.words[party] for s in due if party in s.words]
    signers: dict[tuple[str, str, str], list[datetime]] = {}
    for word in words:
        signers.setdefault((word.person, word.method, word.key), []).append(parse_stamp(word.at))
    return PartyLine(
        party,
        seen.parties[party],
        _statement(seen, party),
        required=len(due),
        agreed=_count(words, states.AGREED),
        returned=_count(words, states.OBJECTED),
        queried=_count(words, states.QUERIED),
        waiting=len(due) - len(words),
        signers=tuple(
            SignerLine(
                seen.names.get(person, ""), seen.posts.get(person, ""), method, key, len(times), max(times)
            )
            for (person, method, key), times in signers.items()
        ),
    )


def _count(words: Iterable[states.Word], decisions: set[str]) -> int:
    return sum(word.decision in decisions for word in words)


def _statement(seen: MonthView, party: str) -> str:
    """Return what the party attests; the discipline committee gives an opinion and approves no amount."""
    if party == DISCIPLINE:
        return "对登记、签认、公开的程序进行监督，提出监督意见；不对金额作审批。"
    account = seen.chart.charities[party]
    advance, cost = seen.moved(account["advance"]), seen.moved(account["cost"])
    own = (
        f"我会本期收到公益直播款 {yuan(advance.debit_fen)} 元，用于项目 {yuan(cost.debit_fen - cost.credit_fen)} 元，"
        f"期末结余 {yuan(advance.closing_fen)} 元，与我会账簿一致。"
    )
    cross = {
        RED_CROSS: "经交叉复核，慈善总会项目支出凭证齐全、金额相符。",
        CHARITY: "经核对，本期专账与银行对账单、票据、凭证相符（本会项目除外）。",
    }
    return own + cross[party]


def attachments(session: Session, seen: MonthView) -> tuple[AttachmentLine, ...]:
    """Return the files filed under the month's vouchers, declarations and broadcasts, those added later included."""
    where = {entry.idx: entry.number for entry in seen.entries}
    where |= {told.idx: told.broadcast for told in seen.declared.values()}
    if seen.opening is not None:
        where[seen.opening.idx] = "期初"
    shown = [item.number for item in seen.broadcasts]
    where |= evidence.broadcast_records(session, seen.book, shown)
    for record, later in evidence.added(session, seen.book, list(where)).items():
        where |= {one.idx: where[record] for one in later}
    found = evidence.attachments(session, seen.book, list(where))
    return tuple(
        AttachmentLine(where[idx], file.name, file.size, file.digest)
        for idx in sorted(found)
        for file in found[idx]
    )
