"""Persons: logins, passwords, one-time passwords, and how slow guessing is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from ledger.book import people, throttle
from ledger.book.duties import NotYourDuty
from ledger.errors import Conflict, Invalid, NotFound
from ledger.store.engine import Store
from tests import desk
from tests.desk import AT, CHEAP, PASSWORD


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return desk.template_in(tmp_path_factory.mktemp("people"))


@pytest.fixture
def store(template: Path, tmp_path: Path) -> Iterator[Store]:
    found = desk.copy_of(template, tmp_path)
    yield found
    found.engine.dispose()


def check(store: Store, login: str, password: str) -> people.Person:
    with store.reading() as session:
        stored = people.credentials(session, login)
    return people.authenticate(stored, password, CHEAP)


def person_of(store: Store, login: str) -> people.Person:
    with store.reading() as session:
        found = people.by_login(session, login)
    assert found is not None
    return found


# ---- who there is -----------------------------------------------------------------------------------------


def test_a_person_has_an_opaque_id_and_signs_in_with_login_and_password(store: Store):
    with store.transaction() as session:
        made = people.create(
            session, login=" Zhang.San ", name=" 张某某 ", password="sheep and yurt", work=CHEAP
        )
    assert re.fullmatch(r"p-[0-9a-f]{12}", made.person)
    assert (made.login, made.name, made.language) == ("zhang.san", "张某某", "zh")
    assert check(store, "ZHANG.SAN ", "sheep and yurt") == made


@pytest.mark.parametrize(
    "login", ["", "a", "1abc", "张某某", "a b", "a'--", "a" * 33, "-abc", "admin\n", "ａｄｍｉｎ"]
)
def test_a_login_that_could_be_misread_is_refused(store: Store, login: str):
    with store.transaction() as session, pytest.raises(Invalid, match="用户名"):
        people.create(session, login=login.replace("\n", "\nx"), name="张某某", password=PASSWORD, work=CHEAP)


@pytest.mark.parametrize("name", ["", "  ", "张" * 61])
def test_a_person_needs_a_name(store: Store, name: str):
    with store.transaction() as session, pytest.raises(Invalid, match="姓名"):
        people.create(session, login="somebody", name=name, password=PASSWORD, work=CHEAP)


def test_a_login_is_given_once(store: Store):
    with store.transaction() as session, pytest.raises(Conflict, match="recorder"):
        people.create(session, login="Recorder", name="张某某", password=PASSWORD, work=CHEAP)


# ---- passwords --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short-123",
        "x" * 129,
        "1234567890",
        "Password123",
        "aaaaaaaaaaaa",
        "abababababab",
        "my-recorder-pw",
        "WoAiNi1314",
    ],
)
def test_a_password_that_a_guesser_would_find_is_refused(store: Store, password: str):
    one = person_of(store, "recorder")
    with store.transaction() as session, pytest.raises(Invalid):
        people.change_password(session, one.person, old=PASSWORD, new=password, work=CHEAP)
    assert check(store, "recorder", PASSWORD) == one


def test_the_list_of_common_passwords_holds_only_what_the_length_would_let_through():
    assert len(people.COMMON) >= 60
    assert all(len(word) >= people.PASSWORD_MIN and word == word.lower() for word in people.COMMON)


def test_the_same_password_typed_on_another_keyboard_is_the_same(store: Store):
    with store.transaction() as session:
        people.create(session, login="accents", name="张某某", password="caf\u00e9 caf\u00e9 1", work=CHEAP)
    assert check(store, "accents", "cafe\u0301 cafe\u0301 1").login == "accents"


def test_a_new_password_replaces_the_old_one(store: Store):
    one = person_of(store, "recorder")
    with store.transaction() as session:
        people.change_password(session, one.person, old=PASSWORD, new="grass and wind", work=CHEAP)
    assert check(store, "recorder", "grass and wind") == one
    with pytest.raises(people.WrongLogin):
        check(store, "recorder", PASSWORD)


@pytest.mark.parametrize(("old", "new"), [("wrong-password", "grass and wind"), (PASSWORD, PASSWORD)])
def test_a_password_is_changed_only_with_the_old_one_and_to_another(store: Store, old: str, new: str):
    one = person_of(store, "recorder")
    with store.transaction() as session, pytest.raises(Invalid):
        people.change_password(session, one.person, old=old, new=new, work=CHEAP)


def test_the_stored_hash_is_argon2id_and_says_its_cost():
    assert people.hash_password("grass and wind").startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert people.hash_password("grass and wind", CHEAP) != people.hash_password("grass and wind", CHEAP)


@pytest.mark.parametrize(
    ("login", "password"), [("recorder", "wrong-password"), ("nobody", PASSWORD), ("", ""), ("recorder", "")]
)
def test_a_wrong_login_is_told_the_same_whatever_was_wrong(store: Store, login: str, password: str):
    with pytest.raises(people.WrongLogin) as caught:
        check(store, login, password)
    assert caught.value.text() == "用户名或密码不对。"


def test_an_unknown_login_costs_the_same_work_as_a_wrong_password(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    costs: list[str] = []
    real = people.verify_password

    def counted(stored_hash: str, password: str) -> bool:
        costs.append(stored_hash.rsplit("$", 2)[0])
        return real(stored_hash, password)

    monkeypatch.setattr(people, "verify_password", counted)
    for login in ("recorder", "nobody"):
        with pytest.raises(people.WrongLogin):
            check(store, login, "wrong-password")
    assert costs[0] == costs[1]
    assert len(costs) == 2


def test_somebody_switched_off_cannot_sign_in(store: Store):
    one = person_of(store, "recorder")
    with store.transaction() as session:
        people.set_disabled(session, desk.actor_of(store, "sysadmin"), one.person, disabled=True)
    with pytest.raises(people.WrongLogin):
        check(store, "recorder", PASSWORD)
    with store.transaction() as session:
        people.set_disabled(session, desk.actor_of(store, "sysadmin"), one.person, disabled=False)
    assert check(store, "recorder", PASSWORD) == one


# ---- the system administrator -----------------------------------------------------------------------------


def test_a_reset_gives_a_one_time_password_that_must_be_changed(store: Store):
    one = person_of(store, "recorder")
    with store.transaction() as session:
        given = people.reset_password(session, desk.actor_of(store, "sysadmin"), one.person, work=CHEAP)
    assert re.fullmatch(r"([a-z2-9]{5}-){2}[a-z2-9]{5}", given)
    assert check(store, "recorder", given).must_change
    with store.transaction() as session:
        people.change_password(session, one.person, old=given, new="grass and wind", work=CHEAP)
    assert not check(store, "recorder", "grass and wind").must_change


@pytest.mark.parametrize("login", sorted(set(desk.LOGINS) - {"sysadmin"}))
def test_nobody_but_the_system_administrator_manages_logins(store: Store, login: str):
    one = person_of(store, "newcomer")
    with store.transaction() as session, pytest.raises(NotYourDuty):
        people.reset_password(session, desk.actor_of(store, login), one.person, work=CHEAP)


def test_nobody_manages_the_own_login_or_one_of_another_book(store: Store):
    actor = desk.actor_of(store, "sysadmin")
    with store.transaction() as session:
        with pytest.raises(NotYourDuty):
            people.reset_password(session, actor, actor.person, work=CHEAP)
        with pytest.raises(NotFound):
            people.reset_password(session, actor, person_of(store, "stranger").person, work=CHEAP)
        with pytest.raises(NotFound):
            people.set_disabled(session, actor, "p-000000000000", disabled=True)


def test_one_time_passwords_do_not_repeat():
    assert len({people.one_time_password() for _ in range(1000)}) == 1000


# ---- guessing ---------------------------------------------------------------------------------------------


def knock(store: Store, login: str, address: str, seconds: float) -> int:
    """Try once; return the seconds to wait, 0 if the password would be looked at."""
    try:
        with store.transaction() as session:
            throttle.knock(session, login, address, AT + timedelta(seconds=seconds))
    except throttle.TooMany as error:
        return error.seconds
    return 0


def welcome(store: Store, login: str, address: str, seconds: float) -> None:
    with store.transaction() as session:
        throttle.welcome(session, login, address, AT + timedelta(seconds=seconds))


def test_a_thousand_guesses_in_ten_minutes_get_at_most_five_looks_in_any_minute(store: Store):
    looks = [
        second
        for second in (n * 0.6 for n in range(1000))
        if not knock(store, "recorder", "10.0.0.9", second)
    ]
    assert len(looks) >= 10
    assert max(sum(start <= look < start + 60 for look in looks) for start in looks) <= 5


def test_guesses_from_a_thousand_addresses_count_for_the_account(store: Store):
    looks = [n for n in range(1000) if not knock(store, "recorder", f"10.1.{n // 250}.{n % 250}", 0)]
    assert len(looks) == 4


def test_one_guess_at_each_of_a_thousand_accounts_is_slowed_by_the_address(store: Store):
    looks = [n for n in range(1000) if not knock(store, f"user{n}", "10.0.0.9", 0)]
    assert len(looks) == 20


def test_nobody_waits_longer_than_a_minute_and_waiting_does_not_prolong_the_wait(store: Store):
    waits = [knock(store, "recorder", "10.0.0.9", n) for n in range(300)]
    assert waits[:8] == [0, 0, 0, 0, 29, 28, 27, 26]
    assert waits[33:36] == [0, 59, 58]
    assert max(waits) == 59


def test_the_rightful_person_comes_in_from_a_known_address_while_others_guess(store: Store):
    knock(store, "recorder", "10.0.0.5", 0)
    welcome(store, "recorder", "10.0.0.5", 0)
    for n in range(100):
        knock(store, "recorder", f"10.9.9.{n}", 1)
    assert knock(store, "recorder", "10.0.0.77", 2) > 0
    assert knock(store, "recorder", "10.0.0.5", 2) == 0


def test_even_from_a_known_address_guessing_is_slow(store: Store):
    welcome(store, "recorder", "10.0.0.5", 0)
    assert sum(not knock(store, "recorder", "10.0.0.5", n / 10) for n in range(250)) == 4


def test_a_right_password_forgets_the_failures(store: Store):
    for _ in range(3):
        assert knock(store, "recorder", "10.0.0.5", 0) == 0
    welcome(store, "recorder", "10.0.0.5", 0)
    assert [knock(store, "recorder", "10.0.0.5", 1) for _ in range(5)] == [0, 0, 0, 0, 30]


def test_failures_are_forgotten_after_a_quarter_of_an_hour(store: Store):
    for _ in range(4):
        knock(store, "recorder", "10.0.0.9", 0)
    assert knock(store, "recorder", "10.0.0.9", 29) == 1
    assert [knock(store, "recorder", "10.0.0.9", 901) for _ in range(5)] == [0, 0, 0, 0, 30]


def test_a_clock_set_back_makes_nobody_wait_longer(store: Store):
    for _ in range(5):
        knock(store, "recorder", "10.0.0.9", 0)
    assert knock(store, "recorder", "10.0.0.9", -86_400) <= 60


def test_guesses_made_at_once_are_counted_one_by_one(store: Store):
    with ThreadPoolExecutor(16) as pool:
        waits = list(pool.map(lambda n: knock(store, "recorder", f"10.2.0.{n}", 0), range(64)))
    assert waits.count(0) == 4


def test_the_message_says_how_long_to_wait(store: Store):
    for _ in range(4):
        knock(store, "recorder", "10.0.0.9", 0)
    with store.transaction() as session, pytest.raises(throttle.TooMany, match="30 秒"):
        throttle.knock(session, "recorder", "10.0.0.9", AT)
