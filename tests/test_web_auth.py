"""Signing in and out, sessions that end when they should, one's own page, the roster and the log."""

from __future__ import annotations

import hashlib
import io
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, Response, session
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from ledger.book import keys, people, roster
from ledger.store import log
from ledger.store.engine import Store
from ledger.store.kinds import KINDS
from ledger.web import log as log_pages
from ledger.web import navigation
from tests import desk
from tests.desk import PASSWORD, Clock, post, sign_in, token

NEXT_ELSEWHERE = (
    "https://evil.example/",
    "http://evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example/%2e%2e",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\nLocation: https://evil.example",
    "\thttps://evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "HTTPS://EVIL.EXAMPLE",
    "https:evil.example",
    "https:/evil.example",
    "evil.example",
    "evil.example/..",
    "@evil.example",
    ":80/evil",
    "?next=//evil.example",
    "#//evil.example",
    "../evil",
    "/\x00/evil.example",
    "/me\x7f",
    "／／evil.example",
    "/" + "a" * 600,
    "",
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return desk.template_in(tmp_path_factory.mktemp("web"))


@pytest.fixture
def store(template: Path, tmp_path: Path) -> Iterator[Store]:
    found = desk.copy_of(template, tmp_path)
    yield found
    found.engine.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(store: Store, tmp_path: Path, clock: Clock) -> Flask:
    return desk.app_over(store, desk.config_for(tmp_path), clock)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("sunbook")
    return found.value if found else ""


def holding(app: Flask, value: str) -> FlaskClient:
    """Return a browser that was given a copied cookie."""
    client = app.test_client()
    client.set_cookie("sunbook", value)
    return client


def is_in(client: FlaskClient) -> bool:
    return client.get("/me").status_code == 200


def count(store: Store, table: str) -> int:
    with store.reading() as reading:
        return int(reading.execute(text(f"SELECT COUNT(*) FROM {table}")).scalar_one())


# ---- in and out -------------------------------------------------------------------------------------------


def test_the_right_password_lets_in_and_leads_to_the_own_book(client: FlaskClient):
    done = sign_in(client, "recorder")
    assert (done.status_code, done.location) == (302, "/")
    assert client.get("/").location == "/demo/"
    assert "张某某" in client.get("/me").text


@pytest.mark.parametrize(
    ("login", "password"), [("recorder", "wrong-password"), ("nobody", PASSWORD), ("' OR 1=1 --", "x")]
)
def test_a_wrong_password_is_told_plainly_and_nothing_is_opened(
    client: FlaskClient, store: Store, login: str, password: str
):
    done = sign_in(client, login, password)
    assert done.status_code == 401
    assert "用户名或密码不对。" in done.text
    assert count(store, "web_session") == 0
    assert not is_in(client)


def test_after_too_many_failures_the_page_says_how_long_to_wait_and_then_lets_in(
    client: FlaskClient, clock: Clock
):
    assert [sign_in(client, "recorder", "wrong-password").status_code for _ in range(4)] == [401] * 4
    refused = sign_in(client, "recorder")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "30")
    assert "30 秒" in refused.text
    clock.forward(seconds=31)
    assert sign_in(client, "recorder").status_code == 302


def test_who_was_going_somewhere_arrives_there_after_signing_in(client: FlaskClient):
    sent = client.get("/demo/log/?before=5")
    assert sent.status_code == 302
    page = client.get(sent.location)
    assert 'name="next" value="/demo/log/?before=5"' in page.text
    assert sign_in(client, "checker", next="/demo/log/?before=5").location == "/demo/log/?before=5"


def test_no_sign_in_leads_to_another_server(app: Flask):
    found = {path: sign_in(app.test_client(), "recorder", next=path).location for path in NEXT_ELSEWHERE}
    assert len(found) == 30
    assert set(found.values()) == {"/"}, found


def test_no_change_of_language_leads_to_another_server(client: FlaskClient):
    found = {
        path: post(client, "/language/zh", {"next": path}, page="/login").location for path in NEXT_ELSEWHERE
    }
    assert set(found.values()) == {"/"}, found


def test_signing_out_ends_the_session_on_the_server(app: Flask, client: FlaskClient, store: Store):
    sign_in(client, "recorder")
    copied = cookie(client)
    assert is_in(holding(app, copied))
    done = post(client, "/logout")
    assert (done.status_code, done.location) == (302, "/login")
    assert not is_in(client)
    assert not is_in(holding(app, copied))
    assert count(store, "web_session") == 0
    assert "您已退出登录。" in client.get("/login").text


def test_a_link_does_not_sign_out(client: FlaskClient):
    sign_in(client, "recorder")
    assert client.get("/logout", follow_redirects=True).status_code in (404, 405)
    assert is_in(client)


# ---- sessions ---------------------------------------------------------------------------------------------


def test_the_browser_gets_a_new_random_token_and_the_table_keeps_its_hash_only(
    client: FlaskClient, store: Store
):
    client.get("/login")
    before = cookie(client)
    sign_in(client, "recorder")
    after = cookie(client)
    assert before != after
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", after)
    with store.reading() as reading:
        row = reading.execute(text("SELECT * FROM web_session")).one()
    assert row.token_hash == hashlib.sha256(after.encode()).hexdigest()
    assert after not in "".join(map(str, row))


def test_a_token_planted_before_signing_in_is_worth_nothing(app: Flask):
    planted = "A" * 43
    victim = holding(app, planted)
    sign_in(victim, "recorder")
    assert cookie(victim) != planted
    assert not is_in(holding(app, planted))


def test_signing_in_again_replaces_the_token(app: Flask, client: FlaskClient, store: Store):
    sign_in(client, "recorder")
    first = cookie(client)
    client.post(
        "/login", data={"csrf_token": token(client.get("/me")), "login": "checker", "password": PASSWORD}
    )
    assert cookie(client) != first
    assert not is_in(holding(app, first))
    assert count(store, "web_session") == 1


@pytest.mark.parametrize(
    "forged", ["", "x", "A" * 43, "eyJfdXNlcl9pZCI6InAtMDAwMDAwMDAwMDAwIn0.aaaa.bbbb", "é" * 43, "A" * 4000]
)
def test_a_forged_cookie_opens_nothing(app: Flask, forged: str):
    assert not is_in(holding(app, forged))


def test_a_visitor_cookie_that_names_a_person_opens_nothing(app: Flask, store: Store):
    """Even signed with our own key: who is signed in stands in the table only."""
    with store.reading() as reading:
        person = people.by_login(reading, "recorder")
    assert person is not None
    signer = app.session_interface.signer  # type: ignore[attr-defined]
    assert not is_in(holding(app, signer.dumps({"_user_id": person.person, "_fresh": True})))
    assert count(store, "web_session") == 0


def test_half_an_hour_without_a_click_ends_the_session_and_a_click_prolongs_it(
    client: FlaskClient, clock: Clock
):
    sign_in(client, "recorder")
    for _ in range(3):
        clock.forward(minutes=29)
        assert is_in(client)
    clock.forward(minutes=30)
    assert not is_in(client)


def test_twelve_hours_end_the_session_in_any_case(client: FlaskClient, clock: Clock):
    sign_in(client, "recorder")
    for _ in range(35):
        clock.forward(minutes=20)
        assert is_in(client)
    clock.forward(minutes=20)
    assert not is_in(client)


def test_expired_sessions_are_swept_out_at_the_next_sign_in(app: Flask, clock: Clock, store: Store):
    for login in ("recorder", "checker", "accountant"):
        sign_in(app.test_client(), login)
    clock.forward(hours=1)
    sign_in(app.test_client(), "cashier")
    assert count(store, "web_session") == 1


def test_a_visitor_leaves_nothing_in_the_database(app: Flask, store: Store):
    for _ in range(20):
        app.test_client().get("/login")
    assert count(store, "web_session") == 0


def test_a_request_under_way_cannot_bring_back_a_session_that_was_ended(
    app: Flask, client: FlaskClient, store: Store
):
    inside, ended = threading.Event(), threading.Event()

    @app.after_request
    def linger(response: Response) -> Response:
        if threading.current_thread().name == "slow":
            session["seen"] = "something new to save"
            inside.set()
            assert ended.wait(10)
        return response

    sign_in(client, "recorder")
    slow = threading.Thread(target=holding(app, cookie(client)).get, args=("/me",), name="slow")
    slow.start()
    assert inside.wait(10)
    post(client, "/logout")
    ended.set()
    slow.join(10)
    assert count(store, "web_session") == 0


def test_somebody_switched_off_is_out_at_the_next_click(client: FlaskClient, store: Store):
    sign_in(client, "recorder")
    person = desk.actor_of(store, "recorder").person
    with store.transaction() as writing:
        people.set_disabled(writing, desk.actor_of(store, "sysadmin"), person, disabled=True)
    assert not is_in(client)
    assert sign_in(client, "recorder").status_code == 401


def test_with_https_the_cookie_is_secure_and_bound_to_the_host(store: Store, tmp_path: Path, clock: Clock):
    app = desk.app_over(store, desk.config_for(tmp_path, https=True), clock)
    done = sign_in(app.test_client(), "recorder")
    set_cookie = next(value for name, value in done.headers if name == "Set-Cookie")
    assert set_cookie.startswith("__Host-sunbook=")
    assert all(part in set_cookie for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Domain" not in set_cookie


# ---- one's own page ---------------------------------------------------------------------------------------


def change(client: FlaskClient, old: str, new: str, again: str | None = None) -> TestResponse:
    return post(client, "/me/password", {"old": old, "new": new, "again": new if again is None else again})


def test_a_new_password_ends_every_other_session_and_gives_this_one_a_new_token(
    app: Flask, client: FlaskClient
):
    other = app.test_client()
    sign_in(client, "recorder")
    sign_in(other, "recorder")
    before = cookie(client)
    assert change(client, PASSWORD, "grass and wind").status_code == 302
    assert is_in(client)
    assert not is_in(other)
    assert not is_in(holding(app, before))
    assert sign_in(other, "recorder", "grass and wind").status_code == 302


def test_a_password_is_not_changed_when_the_two_differ_or_the_old_one_is_wrong(client: FlaskClient):
    sign_in(client, "recorder")
    assert change(client, PASSWORD, "grass and wind", "grass and mind").status_code == 400
    refused = change(client, "wrong-password", "grass and wind")
    assert refused.status_code == 400
    assert "原密码不对" in refused.text


def test_the_old_password_cannot_be_guessed_from_an_open_session(client: FlaskClient):
    sign_in(client, "recorder")
    found = [change(client, "wrong-password", "grass and wind").status_code for _ in range(6)]
    assert found == [400, 400, 400, 400, 403, 403]


def test_a_one_time_password_opens_nothing_but_the_page_to_change_it(client: FlaskClient, store: Store):
    person = desk.actor_of(store, "checker").person
    with store.transaction() as writing:
        given = people.reset_password(writing, desk.actor_of(store, "sysadmin"), person, work=desk.CHEAP)
    sign_in(client, "checker", given)
    for path in ("/", "/demo/log/", "/demo/people/"):
        assert client.get(path).location == "/me"
    page = client.get("/me")
    assert "一次性密码" in page.text
    assert 'name="signing_password"' not in page.text
    assert post(client, "/demo/log/verify").location == "/me"
    assert change(client, given, "grass and wind").status_code == 302
    assert client.get("/demo/log/").status_code == 200


def test_the_language_is_kept_for_the_person(app: Flask, client: FlaskClient):
    sign_in(client, "recorder")
    assert post(client, "/language/en", {"next": "/me"}).location == "/me"
    assert '<html lang="en">' in client.get("/me").text
    again = app.test_client()
    sign_in(again, "recorder")
    assert "My page" in again.get("/me").text


def test_a_visitor_chooses_a_language_and_keeps_it_through_the_sign_in(client: FlaskClient):
    assert '<html lang="zh-CN">' in client.get("/login", headers={"Accept-Language": "en"}).text
    post(client, "/language/en", page="/login")
    assert "Sign in" in client.get("/login").text
    sign_in(client, "recorder")
    assert '<html lang="en">' in client.get("/me").text


def test_a_signer_makes_a_key_and_the_security_administrator_confirms_it(
    app: Flask, client: FlaskClient, store: Store
):
    sign_in(client, "redcross-signer")
    assert "没有签名密钥就不能签认" in client.get("/me").text
    form = {"book": "demo", "signing_password": "sheep, yurt, river", "again": "sheep, yurt, river"}
    assert post(client, "/me/key", form).status_code == 302
    assert "等安全管理员确认" in client.get("/me").text
    admin = app.test_client()
    sign_in(admin, "secadmin")
    with store.reading() as reading:
        waiting = keys.requests(reading, "demo")[0].key_id
    assert waiting in admin.get("/demo/people/").text
    assert post(admin, f"/demo/people/keys/{waiting}/confirm").status_code == 302
    assert "可以签认" in client.get("/me").text
    with store.reading() as reading:
        key = keys.active(reading, "demo", desk.actor_of(store, "redcross-signer").person)
    assert key is not None
    assert key.key == waiting


@pytest.mark.parametrize(
    ("login", "form", "status"),
    [
        ("redcross-signer", {"book": "demo", "signing_password": "short", "again": "short"}, 400),
        ("redcross-signer", {"book": "demo", "signing_password": "long enough", "again": "another one"}, 400),
        (
            "redcross-signer",
            {"book": "other", "signing_password": "long enough", "again": "long enough"},
            404,
        ),
        ("recorder", {"book": "demo", "signing_password": "long enough", "again": "long enough"}, 403),
    ],
)
def test_a_key_is_made_only_by_who_signs_and_under_a_good_password(
    client: FlaskClient, store: Store, login: str, form: dict[str, object], status: int
):
    sign_in(client, login)
    assert post(client, "/me/key", form).status_code == status
    assert count(store, "sealed_key") == 0


# ---- home -------------------------------------------------------------------------------------------------


def test_who_has_no_seat_is_told_whom_to_ask(client: FlaskClient):
    sign_in(client, "newcomer")
    page = client.get("/")
    assert page.status_code == 200
    assert "您还没有加入任何账本" in page.text


def test_who_has_seats_in_two_books_chooses(client: FlaskClient, store: Store):
    person = desk.actor_of(store, "recorder").person
    with store.transaction("other") as writing:
        roster.seat(
            writing,
            "other",
            person=person,
            name="张某某",
            party="operator",
            role="checker",
            post="",
            by="system",
            at=desk.AT,
        )
    sign_in(client, "recorder")
    page = client.get("/")
    assert 'href="/demo/"' in page.text
    assert 'href="/other/"' in page.text


@pytest.mark.parametrize("login", sorted(desk.LOGINS))
def test_every_entry_of_the_side_bar_opens_a_page_and_the_first_one_is_home(
    client: FlaskClient, store: Store, login: str
):
    actor = desk.actor_of(store, login)
    sign_in(client, login)
    assert client.get("/").location == navigation.first_page(actor)
    found = {item.path: client.get(f"/demo/{item.path}") for item in navigation.items(actor)}
    assert {path: page.status_code for path, page in found.items()} == dict.fromkeys(found, 200)
    for path, page in found.items():
        assert f'<a href="/demo/{path}" aria-current="page">' in page.text, path


# ---- roster and logins ------------------------------------------------------------------------------------


def test_the_roster_shows_every_lawful_seat_and_which_one_is_vacant(client: FlaskClient, store: Store):
    cashier = next(m for m in members(store) if m.role == "cashier")
    with store.transaction("demo") as writing:
        roster.leave(writing, desk.actor_of(store, "secadmin"), cashier.idx, reason="调岗", at=desk.AT)
    sign_in(client, "reviewer")
    page = client.get("/demo/people/").text
    assert "最小合规岗位 12 个，已到位 11 个" in page
    assert page.count('class="seat is-free"') == 1
    assert page.count('class="seat"') == 11


def members(store: Store) -> list[roster.Member]:
    with store.reading() as reading:
        return [member for member in roster.members(reading, "demo") if not member.ended]


def test_the_security_administrator_gives_and_ends_seats(client: FlaskClient, store: Store):
    sign_in(client, "secadmin")
    with store.reading() as reading:
        newcomer = people.by_login(reading, "newcomer")
    assert newcomer is not None
    form = {"person": newcomer.person, "seat": "charity/viewer", "post": "干事"}
    assert post(client, "/demo/people/members", form).status_code == 302
    seat = members(store)[-1]
    assert (seat.person, seat.party, seat.role, seat.post, seat.name) == (
        newcomer.person,
        "charity",
        "viewer",
        "干事",
        "周某",
    )
    assert post(client, f"/demo/people/members/{seat.idx}/end", {"reason": " "}).status_code == 400
    assert post(client, f"/demo/people/members/{seat.idx}/end", {"reason": "调离"}).status_code == 302
    assert newcomer.person not in {member.person for member in members(store)}


@pytest.mark.parametrize("seat", ["charity/recorder", "operator/signer", "charity/", "", "charity/king"])
def test_a_seat_that_does_not_exist_is_not_given(client: FlaskClient, store: Store, seat: str):
    sign_in(client, "secadmin")
    with store.reading() as reading:
        newcomer = people.by_login(reading, "newcomer")
    assert newcomer is not None
    before = len(members(store))
    assert post(client, "/demo/people/members", {"person": newcomer.person, "seat": seat}).status_code == 400
    assert len(members(store)) == before


def test_a_substitute_needs_the_scan_of_the_letter(client: FlaskClient, store: Store):
    sign_in(client, "secadmin")
    signer, viewer = desk.actor_of(store, "redcross-signer"), desk.actor_of(store, "redcross-viewer")
    form: dict[str, object] = {
        "absent": signer.person,
        "person": viewer.person,
        "first_day": "2026-03-31",
        "last_day": "2026-04-10",
    }
    assert post(client, "/demo/people/substitutes", form).status_code == 400
    scan = (io.BytesIO(b"%PDF-1.4 a scan"), "授权委托书.pdf")
    assert post(client, "/demo/people/substitutes", {**form, "scan": scan}).status_code == 302
    with store.reading() as reading:
        assert roster.stands_in(reading, viewer, desk.AT.date())


def test_a_substitute_sees_the_page_for_signing_in_the_side_bar(client: FlaskClient, store: Store):
    sign_in(client, "redcross-viewer")
    assert 'href="/demo/signing/"' not in client.get("/demo/people/").text
    test_a_substitute_needs_the_scan_of_the_letter(client.application.test_client(), store)
    assert 'href="/demo/signing/"' in client.get("/demo/people/").text


def test_a_login_is_made_with_a_password_that_is_shown_once(app: Flask, client: FlaskClient):
    sign_in(client, "sysadmin")
    made = post(
        client, "/demo/people/logins/", {"login": "zheng", "name": "郑某"}, page="/demo/people/logins/"
    )
    assert made.status_code == 200
    found = re.search(r'class="once">([^<]+)<', made.text)
    assert found
    assert found[1] not in client.get("/demo/people/logins/").text
    assert sign_in(app.test_client(), "zheng", found[1]).status_code == 302


def test_a_reset_ends_the_sessions_of_the_old_password(app: Flask, client: FlaskClient, store: Store):
    victim = app.test_client()
    sign_in(victim, "recorder")
    sign_in(client, "sysadmin")
    person = desk.actor_of(store, "recorder").person
    assert post(client, f"/demo/people/logins/{person}/reset").status_code == 200
    assert not is_in(victim)


def test_another_book_and_its_people_are_not_shown(client: FlaskClient):
    sign_in(client, "sysadmin")
    page = client.get("/demo/people/logins/").text
    assert "newcomer" in page
    assert "stranger" not in page


# ---- the log ----------------------------------------------------------------------------------------------


def test_every_kind_of_record_has_a_name_in_words():
    assert set(log_pages.KIND_WORDS) == set(KINDS)


def test_the_log_shows_origin_size_root_and_the_newest_record_first(client: FlaskClient, store: Store):
    sign_in(client, "reviewer")
    page = client.get("/demo/log/").text
    with store.reading() as reading:
        head = log.head(reading, "demo")
    assert head.origin in page
    assert head.root.hex() in page
    shown = [int(n) for n in re.findall(r'href="/demo/log/(\d+)/"', page)]
    assert shown == list(range(head.size - 1, head.size - 1 - len(shown), -1))


def test_the_log_is_paged_without_losing_a_record(
    client: FlaskClient, store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(log_pages, "PAGE", 7)
    sign_in(client, "reviewer")
    seen: list[int] = []
    address = "/demo/log/"
    while address:
        page = client.get(address).text
        seen += [int(n) for n in re.findall(r'href="/demo/log/(\d+)/"', page)]
        older = re.search(r'href="(/demo/log/\?before=\d+)">较早', page)
        address = older[1] if older else ""
    with store.reading() as reading:
        assert seen == list(range(log.size(reading, "demo")))[::-1]


@pytest.mark.parametrize(
    "query", ["before=-5", "before=0", "before=999999999999999999999", "before=x", "before=1e3"]
)
def test_a_strange_place_in_the_log_is_no_error(client: FlaskClient, query: str):
    sign_in(client, "reviewer")
    assert client.get(f"/demo/log/?{query}").status_code == 200


def test_a_record_is_shown_with_a_proof_that_anybody_can_compute_again(client: FlaskClient, store: Store):
    sign_in(client, "reviewer")
    for index in (0, 3, 17):
        page = client.get(f"/demo/log/{index}/")
        assert "相符" in page.text
        assert "不相符" not in page.text
        found = client.get(f"/demo/log/{index}/proof.json").get_json()
        here = hashlib.sha256(b"\x00" + found["record"].encode()).digest()
        assert here.hex() == found["leaf"]
        assert (
            root_by_hand(here, index, found["size"], [bytes.fromhex(step) for step in found["proof"]]).hex()
            == found["root"]
        )
    assert client.get("/demo/log/99999/").status_code == 404


def root_by_hand(here: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """RFC 9162 §2.1.3.2, written down again."""
    position, last = index, size - 1
    for step in proof:
        if position & 1 or position == last:
            here = hashlib.sha256(b"\x01" + step + here).digest()
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            here = hashlib.sha256(b"\x01" + here + step).digest()
        position, last = position >> 1, last >> 1
    return here


def tamper(store: Store) -> None:
    """Change the post of a member behind the application's back, as the owner of the file can."""
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER membership_no_update")
        connection.exec_driver_sql("UPDATE membership SET post = '秘书长' WHERE n = 0 AND role = 'recorder'")


def test_verification_tells_a_sound_book_from_a_changed_one(client: FlaskClient, store: Store):
    sign_in(client, "reviewer")
    sound = post(client, "/demo/log/verify")
    assert (sound.status_code, "账本完好" in sound.text) == (200, True)
    tamper(store)
    broken = post(client, "/demo/log/verify")
    assert (broken.status_code, "账本有问题" in broken.text) == (200, True)
    assert "membership" in broken.text


def test_one_verification_runs_at_a_time(client: FlaskClient):
    sign_in(client, "reviewer")
    with log_pages.VERIFYING:
        assert post(client, "/demo/log/verify").status_code == 409
    assert post(client, "/demo/log/verify").status_code == 200
