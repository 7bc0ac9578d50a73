"""Money followed first in first out through accounts: whose it is, where it lies, by which vouchers it came there.

A parcel is an amount of one owner (a broadcast's tips, its commission) in one account. What leaves
an account is taken from the oldest parcels, a broadcast's own first where the voucher
names one. Sums of parcels are the balances of the accounts, to the fen, always.

A claw-back (退款追扣) is taken by the platform from the money that lies in the wallet then, often that
of another broadcast. The two are then exchanged: what the first broadcast has further on
(with the streamer, in the bank) becomes the second's, so that each is traced to real money. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ledger.book.money_parcels import TIPS, UNKNOWN, Move, Owner, Places, Voucher, spread


class Trail:
    """The parcels as they stand; `run` adds vouchers in the order in which the money moved.

    `earned` is income (positive) and deductions (negative) by owner and account, voucher by voucher; `sunk` what left the
    queues for good: into the bank, as tax, or (negative) as the debt of a claw-back.
    """

    def __init__(self, places: Places) -> None:
        self.places = places
        self.moves: list[Move] = []
        self.earned: dict[tuple[Owner, str], list[Move]] = {}
        self.sunk: dict[tuple[Owner, str], int] = {}
        self._queues: dict[str, list[tuple[Owner, int]]] = {account: [] for account in places.queues}

    def open(self, balances: Mapping[str, int]) -> None:
        """Put in what the book opened with."""
        for account, fen in balances.items():
            if account in self._queues and fen:
                self._queues[account].append(((self.places.queues[account], UNKNOWN), fen))
            elif account == self.places.clawback and fen:
                self._sink((TIPS, UNKNOWN), account, fen)

    def run(self, vouchers: Iterable[Voucher]) -> None:
        """Follow vouchers, oldest first. Pairs of red letters must be left out."""
        for voucher in vouchers:
            income = next((account for account, _ in voucher.lines if account in self.places.income), None)
            if income is not None:
                self._earn(voucher, (self.places.income[income], voucher.broadcast))
            elif any(account == self.places.clawback and fen > 0 for account, fen in voucher.lines):
                self._repay(voucher)
            else:
                self._transfer(voucher)

    def held(self, account: str) -> dict[Owner, int]:
        """Return what lies in an account by owner."""
        found: dict[Owner, int] = {}
        for owner, fen in self._queues[account]:
            found[owner] = found.get(owner, 0) + fen
        return found

    def net(self, owner: Owner) -> dict[str, int]:
        """Return income and deductions (negative) of an owner, by account."""
        return {
            account: sum(move.fen for move in moves)
            for (who, account), moves in self.earned.items()
            if who == owner
        }

    def parts(self, owner: Owner) -> dict[str, int]:
        """Return where an owner's money is: by account, what lies in it or went into it for good."""
        found = {
            account: sum(fen for who, fen in queue if who == owner) for account, queue in self._queues.items()
        }
        for (who, account), fen in self.sunk.items():
            if who == owner:
                found[account] = found.get(account, 0) + fen
        return {account: fen for account, fen in found.items() if fen}

    def _earn(self, voucher: Voucher, owner: Owner) -> None:
        """Income with its deductions: new money in a queue, or a claw-back out of it."""
        for account, fen in voucher.lines:
            if account in self._queues and fen < 0:
                self._claw(voucher, owner, account, -fen)
            elif account in self.places.income or account in self.places.deductions:
                self._account_for(owner, account, fen, voucher)
            else:
                self._arrive(voucher, owner, "", account, fen)

    def _transfer(self, voucher: Voucher) -> None:
        """Money that goes on: taken from the queues that are credited, spread over what is debited."""
        taken = [
            (owner, part, source)
            for source, fen in voucher.lines
            if source in self._queues and fen < 0
            for owner, part in self._take(source, -fen, voucher.broadcast)
        ]
        into = [(account, fen) for account, fen in voucher.lines if fen > 0]
        if not taken and not any(account in self._queues for account, _ in into):
            return
        rest = sum(fen for _, fen in into) - sum(part for _, part, _ in taken)
        if rest:  # what an account brings in that is not followed here
            taken.append(((TIPS, voucher.broadcast), rest, ""))
        shared = spread([part for _, part, _ in taken], into)
        for (owner, _, source), shares in zip(taken, shared, strict=True):
            for account, part in shares:
                self._arrive(voucher, owner, source, account, part)

    def _repay(self, voucher: Voucher) -> None:
        """A claw-back that was owed is taken out of a wallet: the debts lessen, oldest first."""
        for source, fen in voucher.lines:
            if source not in self._queues or fen >= 0:
                continue
            left = -fen
            owing = [one for one in self.sunk if one[1] == self.places.clawback and self.sunk[one] < 0]
            for owner, account in owing:
                part = min(left, -self.sunk[owner, account])
                if part:
                    self._arrive(voucher, owner, "", account, part)
                    self._claw(voucher, owner, source, part)
                    left -= part
            if left:
                self._arrive(voucher, (TIPS, UNKNOWN), "", self.places.clawback, left)
                self._claw(voucher, (TIPS, UNKNOWN), source, left)

    def _arrive(self, voucher: Voucher, owner: Owner, source: str, account: str, fen: int) -> None:
        """Put money where a voucher puts it."""
        if account in self._queues:
            self._queues[account].append((owner, fen))
        elif account in self.places.deductions:
            self._account_for(owner, account, fen, voucher)
            return
        else:
            account = self.places.bank if account == self.places.suspense else account
            self._sink(owner, account, fen)
        self._note(owner, source, account, fen, voucher)

    def _take(self, account: str, fen: int, number: str) -> list[tuple[Owner, int]]:
        """Take an amount out of a queue: a broadcast's own parcels first, then the oldest.

        What is not there is owed by nobody's parcel, which is negative until money comes in.
        """
        queue, parts = self._queues[account], {}
        own = [at for at, (who, held) in enumerate(queue) if number and who[1] == number and held > 0]
        for at in dict.fromkeys([*own, *range(len(queue))]):
            if fen <= 0:
                break
            parts[at] = min(queue[at][1], fen)
            fen -= parts[at]
        taken = [(queue[at][0], part) for at, part in parts.items()]
        rest = [(who, held - parts.get(at, 0)) for at, (who, held) in enumerate(queue)]
        if fen:
            owner = (self.places.queues[account], UNKNOWN)
            taken.append((owner, fen))
            rest.append((owner, -fen))
        self._queues[account] = [one for one in rest if one[1]]
        return taken

    def _claw(self, voucher: Voucher, owner: Owner, account: str, fen: int) -> None:
        """Take a claw-back out of a wallet; another broadcast's money there is exchanged for the owner's elsewhere."""
        own = min(fen, sum(held for who, held in self._queues[account] if who == owner and held > 0))
        if own:
            self._pull(account, owner, own)
            self._note(owner, account, "", own, voucher)
        rest = fen - own
        for other, held in [one for one in self._queues[account] if one[0] != owner and one[1] > 0]:
            part = min(rest, held, self._elsewhere(owner, account))
            if part > 0:
                self._pull(account, other, part)
                self._note(other, account, "", part, voucher, owner[1])
                self._exchange(voucher, owner, other, account, part)
                rest -= part
        if rest:
            self._queues[account].append((owner, -rest))
            self._note(owner, "", account, -rest, voucher)

    def _pull(self, account: str, owner: Owner, fen: int) -> None:
        """Take an owner's oldest parcels out of a queue."""
        kept = []
        for who, held in self._queues[account]:
            part = min(held, fen) if who == owner and held > 0 else 0
            fen -= part
            if held != part:
                kept.append((who, held - part))
        self._queues[account] = kept

    def _further(self, owner: Owner, account: str) -> list[str]:
        """Return the other queues of an owner's stream."""
        return [code for code, stream in self.places.queues.items() if stream == owner[0] and code != account]

    def _elsewhere(self, owner: Owner, account: str) -> int:
        """Return what an owner has in other queues of its stream and in the bank."""
        held = sum(
            fen
            for code in self._further(owner, account)
            for who, fen in self._queues[code]
            if who == owner and fen > 0
        )
        return held + max(0, self.sunk.get((owner, self.places.bank), 0))

    def _exchange(self, voucher: Voucher, owner: Owner, other: Owner, account: str, fen: int) -> None:
        """Give that much of the owner's money to the other where it lies, money in the bank last."""
        for code in self._further(owner, account):
            queue = []
            for who, held in self._queues[code]:
                part = min(held, fen) if who == owner and held > 0 else 0
                if part:
                    fen -= part
                    queue.append((other, part))
                    self._swap(voucher, owner, other, code, part)
                if held != part:
                    queue.append((who, held - part))
            self._queues[code] = queue
        if fen:
            self._sink(owner, self.places.bank, -fen)
            self._sink(other, self.places.bank, fen)
            self._swap(voucher, owner, other, self.places.bank, fen)

    def _swap(self, voucher: Voucher, owner: Owner, other: Owner, account: str, fen: int) -> None:
        self._note(owner, account, "", fen, voucher, other[1])
        self._note(other, "", account, fen, voucher, owner[1])

    def _account_for(self, owner: Owner, account: str, fen: int, voucher: Voucher) -> None:
        self.earned.setdefault((owner, account), []).append(self._made(owner, "", account, -fen, voucher))

    def _sink(self, owner: Owner, account: str, fen: int) -> None:
        self.sunk[owner, account] = self.sunk.get((owner, account), 0) + fen

    def _note(
        self, owner: Owner, source: str, target: str, fen: int, voucher: Voucher, swapped: str = ""
    ) -> None:
        self.moves.append(self._made(owner, source, target, fen, voucher, swapped))

    def _made(
        self, owner: Owner, source: str, target: str, fen: int, voucher: Voucher, swapped: str = ""
    ) -> Move:
        return Move(owner, source, target, fen, voucher.idx, voucher.number, voucher.day, swapped)
