"""Checks of sign-offs: the statement, its place in the batch, the signature, the key, its owner and his or her seat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from ledger.proof.signature import AGREEING, WITHHELD, key_id, statement_holds, unb64
from ledger.store import log
from ledger.store.record import Record
from ledger.store.verify import Finding
from ledger.words import N_

SIGNS = ("signer", "reviewer")
"""Roles that sign by themselves; any other needs a 授权委托书 for the day."""


@dataclass(slots=True)
class Act:
    """What has been seen of one act of signing."""

    count: int
    sum_fen: int
    seen: int = 0
    seen_fen: int = 0


@dataclass(slots=True)
class Seats:
    """Who holds which seat as the log goes on, and who stands in for whom."""

    held: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    stand_ins: list[tuple[str, str, str, str]] = field(default_factory=list)

    def follow(self, record: Record) -> None:
        """Take note of a seat given, given up, or stood in for."""
        body = record.body
        if record.kind == "member.joined":
            self.held[record.index] = (body["person"], body["party"], body["role"])
        elif record.kind == "member.left":
            self.held.pop(body["member"], None)
        elif record.kind == "substitute.authorised":
            self.stand_ins.append((body["person"], body["party"], body["first_day"], body["last_day"]))

    def may_speak(self, person: str, party: str, role: str, day: str) -> bool:
        """Say whether the person holds that seat and signs for the party on that day."""
        if (person, party, role) not in self.held.values():
            return False
        return role in SIGNS or any(
            (who, whose) == (person, party) and first <= day <= last
            for who, whose, first, last in self.stand_ins
        )


class Signoffs:
    """Verifies every signature with the key that was enrolled before it, and counts each batch."""

    def __init__(self, session: Session, book_id: str) -> None:
        self._session, self._book_id = session, book_id
        self._keys: dict[str, tuple[bytes, str]] = {}
        self._ended: set[str] = set()
        self._signable: dict[int, tuple[str, int, dict[str, str], tuple[str, str]]] = {}
        self._last: dict[tuple[int, str], str] = {}
        self._acts: dict[tuple[str, str], Act] = {}
        self._seats = Seats()
        self._origin = ""

    def see(self, records: list[Record]) -> Iterator[Finding]:
        """Follow seats, keys, signable records and sign-offs in order."""
        for record in records:
            body = record.body
            self._seats.follow(record)
            if record.index == 0:
                self._origin = log.origin(self._book_id, record.leaf)
            elif record.kind == "key.enrolled":
                yield from self._enrol(record)
            elif record.kind == "key.ended":
                self._ended.add(body["key"])
            elif record.kind in ("entry.posted", "opening.recorded"):
                duties = {duty["party"]: duty["statement"] for duty in body["duties"]}
                hands = (body["drafter"], record.by)
                self._signable[record.index] = (record.leaf.hex(), body["amount_fen"], duties, hands)
            elif record.kind in ("signoff.signed", "signoff.paper"):
                yield from self._spoken(record)

    def _enrol(self, record: Record) -> Iterator[Finding]:
        body = record.body
        try:
            public = unb64(body["public"])
        except ValueError:
            public = b""
        own = body["person"] == record.by and body["confirmed_by"] != record.by
        if "replaces" in body:  # nobody ends the key of another by enrolling an own one
            own = own and self._keys.get(body["replaces"], (b"", ""))[1] == body["person"]
        if key_id(public) != body["key"] or not own or body["key"] in self._keys:
            yield self._finding(record, N_("第 {index} 条记录登记的签名密钥不成立。"))
        self._keys[body["key"]] = (public, body["person"])
        if "replaces" in body:
            self._ended.add(body["replaces"])

    def _spoken(self, record: Record) -> Iterator[Finding]:
        """Check one sign-off against what it speaks of."""
        body = record.body
        leaf, amount, duties, hands = self._signable.get(body["entry"], ("", 0, {}, ("", "")))
        due = duties.get(body["party"])
        stated = due if body["decision"] in AGREEING else WITHHELD
        if leaf != body["leaf"] or due is None or stated != body["text"]:
            yield self._finding(record, N_("第 {index} 条签认与所签记录的内容不符。"))
        if not self._seats.may_speak(body["person"], body["party"], body["role"], record.at[:10]):
            yield self._finding(record, N_("第 {index} 条签认的签认人当时不是该单位的签认人。"))
        if body["person"] in hands:
            yield self._finding(record, N_("第 {index} 条签认由制单人或审核人自己作出。"))
        place = (body["entry"], body["party"])
        if self._last.get(place, "") != body.get("previous", ""):
            yield self._finding(record, N_("第 {index} 条签认没有接上该单位的前一条签认。"))
        self._last[place] = record.leaf.hex()
        if record.kind == "signoff.signed":
            yield from self._signed(record, body, amount)
        elif record.by == body["person"]:
            yield self._finding(record, N_("第 {index} 条线下签署由签字人自己登记。"))

    def _signed(self, record: Record, body: dict[str, Any], amount: int) -> Iterator[Finding]:
        public, owner = self._keys.get(body["key"], (b"", ""))
        if not public or body["key"] in self._ended or owner != body["person"] or record.by != owner:
            yield self._finding(record, N_("第 {index} 条签认所用的密钥当时无效，或不属于签认人。"))
            return
        if not statement_holds(self._origin, body, record.at, public):
            yield self._finding(record, N_("第 {index} 条签认的数字签名不成立。"))
        given = body["batch"]
        act = self._acts.setdefault((body["key"], body["signature"]), Act(given["count"], given["sum_fen"]))
        act.seen += 1
        act.seen_fen += amount

    def finish(self) -> Iterator[Finding]:
        """Each act covers as many entries and as large a sum as was signed."""
        for (key, _), act in self._acts.items():
            if (act.count, act.sum_fen) != (act.seen, act.seen_fen):
                yield Finding("signoff", N_("密钥 {key} 的一次签认，张数或合计与所签不符。"), {"key": key})

    @staticmethod
    def _finding(record: Record, message: str) -> Finding:
        return Finding("signoff", message, {"index": record.index})
