"""What no visitor may get past: every route, every form, every response, every template."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Blueprint, Flask, abort
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from ledger.book import people, roster
from ledger.book.duties import ACTIONS
from ledger.errors import Broken, Conflict, Forbidden, Invalid, NotFound, Problem
from ledger.store.engine import Store
from ledger.web import access, errors
from tests import desk
from tests.desk import Clock, post, sign_in, token

ROOT = Path(__file__).resolve().parents[1]
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
PUBLIC = {"static", "auth.login", "auth.language"}
MARKUP = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7*7 }}",
    "{% include '/etc/passwd' %}",
    "<svg/onload=alert(1)>",
    "&lt;b&gt;",
    "javascript:alert(1)",
    "</title><script>alert(1)</script>",
    "%(name)s %s",
)
TRAVERSAL = tuple(
    f"/static/{up}{target}"
    for up in (
        "../",
        "..%2f",
        "%2e%2e/",
        "%2e%2e%2f",
        "..%5c",
        "....//",
        "%252e%252e%252f",
        "./../",
        "a/../../",
        "//",
    )
    for target in ("config.py", "../config.py", "../../config.py", "../../../etc/passwd", "etc/passwd")
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return desk.template_in(tmp_path_factory.mktemp("security"))


@pytest.fixture
def store(template: Path, tmp_path: Path) -> Iterator[Store]:
    found = desk.copy_of(template, tmp_path)
    yield found
    found.engine.dispose()


@pytest.fixture
def app(store: Store, tmp_path: Path) -> Flask:
    """The application with a few pages that fail, one that says nothing of its need, and one with no book."""
    app = desk.app_over(store, desk.config_for(tmp_path, upload_bytes_max=2**20), Clock())
    app.register_blueprint(failing_pages())
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def failing_pages() -> Blueprint:
    pages = Blueprint("failing", __name__)
    problems = (Problem("第 {n} 个金额不对", row=7, column="金额", values={"n": 3}),)
    failures = {
        "invalid": Invalid("文件 {name} 不对。", problems=problems, name="<b>x</b>"),
        "forbidden": Forbidden("不可以。"),
        "notfound": NotFound("没有。"),
        "conflict": Conflict("变了。"),
        "broken": Broken("不符。"),
        "bug": ZeroDivisionError("SELECT secret FROM person WHERE /srv/ledger"),
    }

    @pages.route("/failing/<which>", methods=["GET", "POST"])
    @access.needs(access.SIGNED_IN)
    def fail(which: str) -> str:
        if which.isdigit():
            abort(int(which))
        raise failures[which]

    @pages.get("/undeclared")
    def undeclared() -> str:
        return "nobody said who may read this"

    @pages.get("/bookless")
    @access.needs("view")
    def bookless() -> str:
        return "of which book?"

    return pages


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if not str(rule.endpoint).startswith("failing.")]


def needs_of(app: Flask, rule: Rule) -> tuple[str, ...]:
    found: tuple[str, ...] = getattr(app.view_functions[rule.endpoint], "sunbook_needs", ())
    return found


def address(rule: Rule, book: str = "demo") -> str:
    """Return an address that the rule matches."""
    values = {"book": book, "filename": "sunbook.css", "chosen": "zh", "switch": "off", "month": "2026-03"}
    parts = []
    for dynamic, text in rule._trace:
        name = text.rpartition(":")[2]
        parts.append(str(values.get(name, "1")) if dynamic else text)
    return "".join(parts).lstrip("|")


# ---- who may come in --------------------------------------------------------------------------------------


def test_the_public_pages_are_three_and_every_other_one_says_what_it_needs(app: Flask):
    assert set(access.PUBLIC) == PUBLIC
    silent = {
        str(rule.endpoint) for rule in rules(app) if rule.endpoint not in PUBLIC and not needs_of(app, rule)
    }
    assert silent == set()


def test_every_page_of_a_book_needs_an_action_that_exists(app: Flask):
    for rule in rules(app):
        if "book" in rule.arguments:
            wanted = needs_of(app, rule)
            assert set(wanted) <= set(ACTIONS), rule


def test_a_visitor_is_sent_to_the_sign_in_page_from_everywhere(app: Flask, client: FlaskClient):
    for rule in rules(app):
        if rule.endpoint in PUBLIC:
            continue
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            data = {"csrf_token": token(client.get("/login"))} if method in UNSAFE else None
            done = client.open(address(rule), method=method, data=data)
            assert done.status_code == 302, (method, rule)
            assert done.location.startswith("/login"), (method, rule)


def test_who_is_of_another_book_finds_nothing_here(app: Flask, client: FlaskClient):
    sign_in(client, "stranger")
    for rule in rules(app):
        if "book" not in rule.arguments:
            continue
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            data = {"csrf_token": token(client.get("/me"))} if method in UNSAFE else None
            assert client.open(address(rule), method=method, data=data).status_code == 404, (method, rule)


def test_a_book_that_is_not_there_looks_like_one_of_others(client: FlaskClient):
    sign_in(client, "stranger")
    there, not_there = client.get("/demo/people/"), client.get("/nowhere/people/")
    assert there.status_code == not_there.status_code == 404
    strip = re.compile(r"demo|nowhere|value=\"[^\"]+\"")
    assert strip.sub("", there.text) == strip.sub("", not_there.text)


@pytest.mark.parametrize("login", sorted(desk.LOGINS))
def test_each_role_opens_what_its_actions_allow_and_nothing_else(
    app: Flask, client: FlaskClient, store: Store, login: str
):
    actor = desk.actor_of(store, login)
    sign_in(client, login)
    form_token = token(client.get("/me"))
    for rule in rules(app):
        if "book" not in rule.arguments:
            continue
        wanted = needs_of(app, rule)
        may = any(actor.may(action) for action in wanted)
        if not may:
            for method in sorted((rule.methods or set()) - {"OPTIONS"}):
                data = {"csrf_token": form_token} if method in UNSAFE else None
                assert client.open(address(rule), method=method, data=data).status_code == 403, (method, rule)
        elif "GET" in (rule.methods or ()):
            assert client.get(address(rule)).status_code not in (302, 403), rule


def test_a_page_that_says_nothing_is_shut_even_to_those_signed_in(client: FlaskClient):
    sign_in(client, "recorder")
    assert client.get("/undeclared").status_code == 403
    assert client.get("/bookless").status_code == 403


# ---- forms ------------------------------------------------------------------------------------------------


def test_no_form_is_taken_without_the_token_of_this_session(app: Flask, client: FlaskClient):
    other = app.test_client()
    sign_in(other, "checker")
    foreign = token(other.get("/me"))
    sign_in(client, "recorder")
    before = token(client.get("/me"))
    post(client, "/logout")
    sign_in(client, "recorder")
    for rule in rules(app):
        for method in sorted(set(UNSAFE) & (rule.methods or set())):
            for wrong in ("", "x", foreign, before):
                done = client.open(address(rule), method=method, data={"csrf_token": wrong})
                assert done.status_code == 400, (method, rule, wrong)
                assert "页面已过期" in done.text


def test_a_token_in_the_address_does_not_count(client: FlaskClient):
    sign_in(client, "recorder")
    assert client.post(f"/logout?csrf_token={token(client.get('/me'))}").status_code == 400


@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT", "PATCH"])
def test_a_method_cannot_be_smuggled_into_a_get(client: FlaskClient, method: str):
    sign_in(client, "recorder")
    tries = (
        client.get("/logout", headers={"X-HTTP-Method-Override": method}, follow_redirects=True),
        client.get(f"/logout?_method={method}", follow_redirects=True),
        client.open("/me", method=method),
    )
    assert {done.status_code for done in tries} <= {404, 405}
    assert client.get("/me").status_code == 200


@pytest.mark.parametrize(
    ("site", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 302), ("none", 302)]
)
def test_a_form_sent_from_another_website_is_refused_even_with_a_token(
    client: FlaskClient, site: str, status: int
):
    sign_in(client, "recorder")
    data = {"csrf_token": token(client.get("/me"))}
    assert client.post("/logout", data=data, headers={"Sec-Fetch-Site": site}).status_code == status


# ---- responses --------------------------------------------------------------------------------------------


def test_the_security_headers_are_on_every_response(app: Flask, client: FlaskClient):
    sign_in(client, "recorder")
    form_token = token(client.get("/me"))
    responses = [
        client.get("/me"),
        client.get("/"),
        client.get("/nowhere/at/all"),
        client.put("/me"),
        client.post("/logout"),
        client.post("/me/password", data={"csrf_token": form_token, "old": "x" * 2**21}),
        client.get("/static/sunbook.css", buffered=True),
        client.get("/static/nothing.css"),
        client.get("/failing/bug"),
        client.get("/failing/broken"),
        client.get("/failing/418"),
        client.get("/me", headers={"Host": "evil.example"}),
        client.options("/me"),
        client.head("/me"),
        app.test_client().get("/demo/people/"),
    ]
    assert [r.status_code for r in responses] == [
        200,
        302,
        404,
        405,
        400,
        413,
        200,
        404,
        500,
        500,
        418,
        400,
        200,
        200,
        302,
    ]
    for response in responses:
        policy = response.headers["Content-Security-Policy"]
        for directive in (
            "default-src 'self'",
            "frame-ancestors 'none'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        ):
            assert directive in policy
        assert "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert "Strict-Transport-Security" not in response.headers
        kept = response.request.path == "/static/sunbook.css"
        assert response.headers["Cache-Control"] == ("public, max-age=86400" if kept else "no-store")


def test_with_https_browsers_are_told_to_stay_with_it(store: Store, tmp_path: Path):
    app = desk.app_over(store, desk.config_for(tmp_path, https=True), Clock())
    assert app.test_client().get("/login").headers["Strict-Transport-Security"].startswith("max-age=31536000")


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "evil.example:80", "", "a b", "<script>", "127.0.0.1.nip.io"],
)
def test_an_unknown_host_is_not_answered(client: FlaskClient, host: str):
    done = client.get("/login", headers={"Host": host})
    assert done.status_code == 400
    assert done.mimetype == "text/plain"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000"])
def test_this_computer_is_a_known_host(client: FlaskClient, host: str):
    assert client.get("/login", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Proto": "https"},
        {"Forwarded": "host=evil.example"},
        {"X-Original-URL": "/demo/"},
        {"X-Rewrite-URL": "/demo/"},
        {"X-Forwarded-Prefix": "//evil.example"},
    ],
)
def test_headers_that_pretend_to_be_a_proxy_change_nothing(client: FlaskClient, headers: dict[str, str]):
    done = client.get("/demo/people/?a=1", headers=headers)
    assert done.location == "/login?next=/demo/people/?a%3D1"
    assert "evil.example" not in client.get("/login", headers=headers).text


def test_the_address_of_a_visitor_is_believed_from_a_configured_proxy_only(store: Store, tmp_path: Path):
    seen: dict[int, str] = {}
    for proxies in (0, 1):
        app = desk.app_over(store, desk.config_for(tmp_path, proxies=proxies), Clock())
        headers = {"X-Forwarded-For": "198.51.100.7"}
        client = app.test_client()
        data = {"csrf_token": token(client.get("/login")), "login": f"nobody{proxies}", "password": "x"}
        client.post("/login", data=data, headers=headers)
        with store.reading() as session:
            found = session.connection().exec_driver_sql(
                "SELECT subject FROM throttle WHERE subject LIKE 'address %'"
            )
            seen[proxies] = " ".join(found.scalars())
    assert "198.51.100.7" not in seen[0]
    assert "198.51.100.7" in seen[1]


@pytest.mark.parametrize("path", TRAVERSAL)
def test_no_path_leads_out_of_the_static_folder(client: FlaskClient, path: str):
    done = client.get(path)
    assert done.status_code in (302, 308, 404)
    assert "SUNBOOK" not in done.text
    assert "root:" not in done.text


# ---- errors -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("which", "status", "words"),
    [
        ("invalid", 400, "文件 &lt;b&gt;x&lt;/b&gt; 不对。"),
        ("forbidden", 403, "不可以。"),
        ("notfound", 404, "没有。"),
        ("conflict", 409, "变了。"),
        ("400", 400, "服务器看不懂这个请求"),
        ("403", 403, "您没有这项权限"),
        ("404", 404, "没有这个页面"),
        ("413", 413, "最多 1 MB"),
    ],
)
def test_an_error_is_a_sentence_with_a_way_back(client: FlaskClient, which: str, status: int, words: str):
    sign_in(client, "recorder")
    done = client.get(f"/failing/{which}", headers={"Referer": "http://localhost/demo/log/?before=9"})
    assert done.status_code == status
    assert words in done.text
    assert 'href="/demo/log/?before=9"' in done.text


def test_the_way_back_never_leads_to_another_server(client: FlaskClient):
    sign_in(client, "recorder")
    for referrer in (
        "https://evil.example/",
        "http://localhost.evil.example/",
        "http://localhost@evil.example/",
        "//evil.example",
    ):
        page = client.get("/failing/conflict", headers={"Referer": referrer}).text
        assert "evil.example" not in page
        assert 'class="button button-main" href="/"' in page


def test_everything_wrong_with_a_file_is_listed_with_its_place(client: FlaskClient):
    sign_in(client, "recorder")
    page = client.get("/failing/invalid").text
    assert re.search(r'<td class="num">7</td><td>金额</td><td>第 3 个金额不对</td>', page)


@pytest.mark.parametrize("which", ["bug", "broken"])
def test_an_unexpected_error_shows_a_number_and_is_logged_once_under_it(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, which: str
):
    sign_in(client, "recorder")
    caplog.clear()
    with caplog.at_level(logging.INFO):
        done = client.get(f"/failing/{which}")
    assert done.status_code == 500
    number = re.search(r"编号 ([0-9a-f]{8})", done.text)
    assert number
    assert [record.name for record in caplog.records] == ["sunbook.web"]
    assert number[1] in caplog.records[0].getMessage()
    assert caplog.records[0].exc_info
    for secret in ("Traceback", "ZeroDivisionError", "SELECT", "/srv/", ".py", "sqlite"):
        assert secret not in done.text


def test_a_form_that_is_too_large_is_refused_before_it_is_read(client: FlaskClient):
    sign_in(client, "recorder")
    done = client.post(
        "/me/password", data={"csrf_token": token(client.get("/me")), "old": "x" * (2**20 + 1)}
    )
    assert done.status_code == 413
    assert "最多 1 MB" in done.text


def test_an_error_with_the_database_gone_is_still_a_page(
    client: FlaskClient, store: Store, monkeypatch: pytest.MonkeyPatch
):
    sign_in(client, "recorder")

    def gone(*_args: object) -> None:
        raise OSError("disk")

    monkeypatch.setattr(people, "find", gone)
    done = client.get("/me")
    assert done.status_code == 500
    assert "编号" in done.text


def test_each_kind_of_error_has_its_status():
    assert dict(errors.STATUS)[Conflict] == 409
    assert [status for _, status in errors.STATUS] == [400, 403, 404, 409, 500, 400]


# ---- what people typed is text ----------------------------------------------------------------------------


def skeleton(page: str) -> list[str]:
    """The tags of a page with the names of their attributes: what a browser would build."""
    page = re.sub(r'value="p-[0-9a-f]{12}"|/p-[0-9a-f]{12}/', "", page)
    return [re.sub(r'="[^"]*"', "", tag) for tag in re.findall(r"<[^>]*>", page)]


@pytest.mark.parametrize("text", MARKUP)
def test_markup_in_names_and_posts_stays_text(client: FlaskClient, store: Store, text: str):
    def pages(name: str, login: str) -> list[list[str]]:
        with store.transaction("demo") as session:
            one = people.create(session, login=login, name=name, password=desk.PASSWORD, work=desk.CHEAP)
            for old in [
                m
                for m in roster.members(session, "demo")
                if m.role == "viewer" and m.party == "charity" and not m.ended
            ]:
                roster.leave(session, desk.actor_of(store, "secadmin"), old.idx, reason=name, at=desk.AT)
            roster.seat(
                session,
                "demo",
                person=one.person,
                name=name,
                party="charity",
                role="viewer",
                post=name,
                by="system",
                at=desk.AT,
            )
        sign_in(client, login)
        found = [client.get("/me").text, client.get("/demo/people/").text]
        post(client, "/logout")
        return [skeleton(page) for page in found]

    plain, marked = pages("张某某", "plain"), pages(text, "marked")
    assert marked[0] == plain[0]
    assert set(marked[1]) == set(plain[1]) | (
        set(marked[1]) & {"<summary>", "<details class>", "</details>", "</summary>"}
    )


@pytest.mark.parametrize("text", MARKUP)
def test_markup_in_what_is_sent_is_not_sent_back_as_markup(client: FlaskClient, text: str):
    plain = sign_in(client, "nobody", "x", next="/me").text
    marked = sign_in(client, text, "x", next=text).text
    assert skeleton(marked) == skeleton(plain)


# ---- the templates themselves -----------------------------------------------------------------------------

FORBIDDEN_IN_TEMPLATES = {
    "a filter that lets markup through": r"\|\s*safe\b|Markup\(|autoescape\s+false",
    "a style attribute": r"<[^>{]*\sstyle\s*=",
    "a style element": r"<style\b",
    "an event handler": r"<[^>{]*\son[a-z]+\s*=",
    "a script in the page": r"<script(?![^>]*\bsrc=)",
    "an address elsewhere": r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//""",
    "an attribute without quotes": r"<[a-z][^>]*\s[a-z-]+=\{\{",
}


def faults(source: str) -> list[str]:
    bare = re.sub(r"\{#.*?#\}", "", source, flags=re.DOTALL)
    return [what for what, pattern in FORBIDDEN_IN_TEMPLATES.items() if re.search(pattern, bare)]


def test_no_template_opens_a_door_for_markup():
    found = {
        str(file.relative_to(ROOT)): faults(file.read_text("utf-8"))
        for file in sorted((ROOT / "templates").rglob("*.html"))
    }
    assert len(found) >= 10
    assert {file: wrong for file, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(
    "planted",
    [
        "{{ name|safe }}",
        "<p style='color:red'>",
        "<style>p{}</style>",
        '<a onclick="x()">',
        "<script>x()</script>",
        '<img src="https://a.example/x.png">',
        "<p title={{ name }}>",
    ],
)
def test_a_planted_door_is_found(planted: str):
    assert faults(planted)


def test_every_form_that_writes_carries_a_token():
    for file in sorted((ROOT / "templates").rglob("*.html")):
        for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", file.read_text("utf-8"), re.DOTALL):
            assert "csrf()" in form, f"{file.name}: {form[:80]}"
