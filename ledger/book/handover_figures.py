"""The figures of a streamer's declaration (上缴声明) and its sentence, from the books as they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from ledger.book import in_hands
from ledger.money import yuan
from ledger.months import Month
from ledger.words import N_

TEXT = N_(
    "{first} 至 {through}，本人账户收到提现 {withdrawn} 元，已上缴 {handed} 元，尚余 {held} 元未上缴；无截留。"
)
TEXT_WITH_REST = N_(
    "{first} 以前尚未上缴 {before} 元；{first} 至 {through}，本人账户收到提现 {withdrawn} 元，已上缴 {handed} 元，"
    "尚余 {held} 元未上缴；无截留。"
)


@dataclass(frozen=True, slots=True)
class Figures:
    """The month of `through` up to that day, fen: `before` + withdrawn − handed over = in hands."""

    through: date
    before_fen: int
    withdrawn_fen: int
    handed_over_fen: int
    in_hands_fen: int

    @property
    def first(self) -> date:
        """The first day that the figures cover."""
        return self.through.replace(day=1)

    @property
    def values(self) -> dict[str, str]:
        """The figures as TEXT names them."""
        return {
            "first": self.first.isoformat(),
            "through": self.through.isoformat(),
            "before": yuan(self.before_fen),
            "withdrawn": yuan(self.withdrawn_fen),
            "handed": yuan(self.handed_over_fen),
            "held": yuan(self.in_hands_fen),
        }

    @property
    def message(self) -> str:
        """The sentence to fill: what was held before is named where there was any."""
        return TEXT_WITH_REST if self.before_fen else TEXT

    @property
    def text(self) -> str:
        """The declaration in Chinese, as it is recorded."""
        return self.message.format(**self.values)


def figures(session: Session, book: str, through: date) -> Figures:
    """Return what a declaration through that day says, from the books as they are now."""
    moved = in_hands.movements(session, book, Month.of(through), through)
    withdrawn, handed = sum(one.withdrawn_fen for one in moved), sum(one.handed_fen for one in moved)
    now = in_hands.balance(session, book, through)
    return Figures(through, now - withdrawn + handed, withdrawn, handed, now)
