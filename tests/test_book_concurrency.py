"""Sixty-four people at once: nothing lost, nothing said or posted twice, every read in balance."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from ledger.book import drafts, entries, keys, signoff, states
from ledger.errors import Conflict, SunbookError
from ledger.months import Month
from ledger.store import log
from ledger.store import tables as t
from tests.books import SIGNERS, Office, at, check_everything, new_entry

THREADS = 64


def together(work: Callable[[int], None], count: int = THREADS) -> list[BaseException]:
    """Let `count` threads begin at the same moment; return what they did not expect."""
    start, failures = threading.Barrier(count), []

    def run(number: int) -> None:
        start.wait()
        try:
            work(number)
        except BaseException as error:  # noqa: BLE001 - told to the test
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads)
    return failures


@pytest.fixture
def busy(office: Office) -> Office:
    """An office with twelve entries that nobody has signed, on the last day of the month."""
    for number in range(1, 13):
        office.entry("INTEREST", amount=number)
    office.now = at(31)
    return office


def indexes(office: Office) -> list[int]:
    return [entry.idx for entry in office.read(lambda s: entries.of_month(s, office.book, Month(2026, 3)))]


def signer(office: Office) -> Callable[[str, list[int]], bool]:
    """Return a function with which a thread signs; it says whether it was the one who signed."""
    unlocked = {login: office.unlock(login) for login in SIGNERS}
    moment = office.tick()

    def sign(login: str, chosen: list[int]) -> bool:
        key, private = unlocked[login]
        shown = office.shown(*chosen)
        decision = "no-irregularity" if login == "discipline" else "agree"
        try:
            with office.store.transaction(office.book) as session:
                signoff.sign(
                    session, office.who(login), shown, decision=decision, key=key, private=private, at=moment
                )
        except Conflict:
            return False
        return True

    return sign


def spoken(office: Office) -> Counter[tuple[int, str]]:
    query = select(t.Signoff.entry_idx, t.Signoff.party).where(t.Signoff.book_id == office.book)
    return Counter(map(tuple, office.read(lambda s: s.execute(query).all())))


def test_the_same_entry_signed_by_sixty_four_at_once_is_signed_once_by_each_party(busy: Office):
    sign, first = signer(busy), indexes(busy)[0]
    done: list[str] = []

    def work(number: int) -> None:
        login = SIGNERS[number % 3]
        if sign(login, [first]):
            done.append(login)

    assert together(work) == []
    assert sorted(done) == sorted(SIGNERS)
    assert spoken(busy) == Counter({(first, busy.who(login).party): 1 for login in SIGNERS})
    check_everything(busy.store)


def test_different_and_overlapping_batches_lose_nothing_and_sign_nothing_twice(busy: Office):
    sign, all_of_them = signer(busy), indexes(busy)
    done: Counter[tuple[int, str]] = Counter()
    guard = threading.Lock()

    def work(number: int) -> None:
        chance, login = random.Random(number), SIGNERS[number % 3]
        chosen = chance.sample(all_of_them, chance.randint(1, 3))
        if number < 36:  # these make sure that each entry is tried alone by each party
            chosen = [all_of_them[number // 3]]
        if sign(login, chosen):
            with guard:
                done.update((index, busy.who(login).party) for index in chosen)

    assert together(work) == []
    assert spoken(busy) == done
    assert set(done.values()) == {1}
    for login in SIGNERS:  # whoever came too late because of an overlap signs the rest now
        rest = busy.read(lambda s, login=login: states.waiting(s, busy.book, busy.who(login).party))
        mine = [index for index in rest if index in all_of_them]
        if mine:
            assert sign(login, mine)
    assert spoken(busy) == Counter(
        {(index, busy.who(login).party): 1 for index in all_of_them for login in SIGNERS}
    )
    check_everything(busy.store)


def test_without_the_books_lock_and_the_unique_key_the_same_entry_would_be_signed_twice(busy: Office):
    """The negative control: check, wait, then write, as a program without transactions would."""
    first = indexes(busy)[0]
    waiting: list[list[int]] = []

    def work(_: int) -> None:
        waiting.append(busy.read(lambda s: states.waiting(s, busy.book, "charity")))

    assert together(work, 8) == []
    assert sum(first in found for found in waiting) == 8, (
        "all eight saw it unsigned, and all eight would sign"
    )


def test_a_draft_posted_by_many_at_once_is_posted_once(office: Office):
    draft = office.draft("recorder", new_entry("COMM_SETTLE", amount=1))
    posted: list[int] = []
    moment = office.tick()

    def work(number: int) -> None:
        actor = office.who(("checker", "accountant")[number % 2])
        try:
            with office.store.transaction(office.book) as session:
                (record,) = drafts.post(session, actor, draft.draft, seen=draft.digest, at=moment)
        except SunbookError:
            return
        posted.append(record.index)

    assert together(work, 32) == []
    assert len(posted) == 1
    check_everything(office.store)


def test_many_drafts_posted_at_once_are_numbered_without_gaps_while_every_read_balances(office: Office):
    made = [office.draft("accountant", new_entry("INTEREST", amount=number)) for number in range(1, 33)]
    moment = office.tick()
    reads: Counter[bool] = Counter()

    def work(number: int) -> None:
        if number < 32:
            with office.store.transaction(office.book) as session:
                drafts.post(
                    session, office.who("checker"), made[number].draft, seen=made[number].digest, at=moment
                )
            return
        for _ in range(10):
            with office.store.reading() as session:
                reads[in_balance(session, office.book)] += 1

    assert together(work) == []
    numbers = [e.number for e in office.read(lambda s: entries.of_month(s, office.book, Month(2026, 3)))]
    assert numbers == [f"记-{number:04d}" for number in range(1, 33)]
    assert reads == Counter({True: 320})
    check_everything(office.store)


def in_balance(session, book: str) -> bool:
    """Whether one snapshot is in balance, without gaps, and of one size in log, heads and entries."""
    debit, credit = (
        session.execute(
            select(func.coalesce(func.sum(t.Posting.fen), 0)).where(
                t.Posting.book_id == book, t.Posting.dc == side
            )
        ).scalar_one()
        for side in "DC"
    )
    heads = session.execute(select(func.count()).where(t.RecordHead.book_id == book)).scalar_one()
    count = session.execute(select(func.count()).where(t.Entry.book_id == book)).scalar_one()
    last = session.execute(select(func.max(t.Entry.seq)).where(t.Entry.book_id == book)).scalar_one() or 0
    return bool(debit == credit and heads == log.size(session, book) and count == last)


def test_a_key_replaced_while_its_owner_signs_signs_before_or_not_at_all(busy: Office):
    """Whichever comes first, the log that results verifies."""
    sign, all_of_them = signer(busy), indexes(busy)
    with busy.store.transaction() as session:
        from tests.books import CHEAP

        name = keys.request(
            session, busy.who("charity"), signing_password="新的口令-2026", at=at(31, "12:30"), work=CHEAP
        )

    def work(number: int) -> None:
        if number == 6:
            with busy.store.transaction(busy.book) as session:
                keys.confirm(session, busy.who("secadmin"), name, at=at(31, "12:30"))
        else:
            sign("charity", [all_of_them[number]])

    found = together(work, 12)
    assert [error for error in found if not isinstance(error, (Conflict, log.ClockWrong))] == []
    check_everything(busy.store)
