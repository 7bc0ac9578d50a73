"""Signing off through the pages: what waits, what is signed, the receipt, and all that is refused."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from ledger import intake
from ledger.book import browse, corrections, drafts, entries, keys, opinions, people, roster, states
from ledger.book.duties import Actor
from ledger.demo import Login
from ledger.months import Month
from ledger.proof.signature import Work
from ledger.store import log, verify
from ledger.store import tables as t
from tests import web_demo
from tests.web_demo import NOW, Built, Desk, Office, shown

PICK = re.compile(r'name="pick" value="([0-9]+):([0-9a-f]{64})"[^>]*')
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
AGREE = {"redcross": "agree", "charity": "agree", "discipline": "no-irregularity"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return web_demo.build(tmp_path_factory.getbasetemp() / "web-demo")


@pytest.fixture
def office(built: Built, tmp_path: Path) -> Iterator[Office]:
    made = web_demo.copy(built, tmp_path)
    yield made
    made.store.engine.dispose()


def size(office: Office) -> int:
    with office.store.reading() as reading:
        return log.size(reading, "demo")


def number_of(office: Office, number: str) -> int:
    with office.store.reading() as reading:
        return browse.index_of(reading, "demo", "2026-03")[number]


def picks(desk: Desk, tab: str = "waiting") -> dict[int, str]:
    """Return what the page offers to tick: record index and the value of its box."""
    page = desk.get(f"/demo/signing/?tab={tab}")
    assert page.status_code == 200
    return {int(found[1]): f"{found[1]}:{found[2]}" for found in PICK.finditer(page.text)}


def actor(office: Office, user: str) -> Actor:
    with office.store.reading() as reading:
        person = people.by_login(reading, user)
        assert person is not None
        return roster.actor(reading, "demo", person.person)


def say(
    desk: Desk, values: list[str], decision: str, *, reason: str = "", password: str = ""
) -> TestResponse:
    form = {"pick": values, "decision": decision, "reason": reason}
    form["signing_password"] = password or desk.login.signing_password
    return desk.post("/demo/signing/sign", form)


def holds(office: Office) -> bool:
    with office.store.reading() as reading:
        return not verify.verify(reading, "demo", derive=intake.derive).broken


# ---- what is signed ----------------------------------------


@pytest.mark.parametrize("user", AGREE)
def test_each_party_signs_all_that_waits_in_two_steps_and_gets_a_receipt(office: Office, user: str) -> None:
    desk, before = office.desk(user), size(office)
    waiting = picks(desk)
    with office.store.reading() as reading:
        assert set(waiting) == set(states.waiting(reading, "demo", actor(office, user).party))
    chosen = list(waiting.values())
    confirm = desk.post("/demo/signing/confirm", {"pick": chosen, "decision": AGREE[user]})
    words = shown(confirm)
    assert confirm.status_code == 200
    assert f"{len(chosen)} 张凭证的结论是" in words
    assert "人民币" in words
    assert size(office) == before
    with office.store.reading() as reading:
        sum_fen = sum(opinions.amounts_of(reading, "demo", list(waiting)).values())
        for idx in waiting:
            statement = states.standings(reading, "demo", [idx])[idx].statement(actor(office, user).party)
            assert statement in words
    signed = say(desk, chosen, AGREE[user])
    assert signed.status_code == 302
    assert size(office) == before + len(chosen)
    receipt = desk.get(signed.headers["Location"])
    with office.store.reading() as reading:
        first = log.get(reading, "demo", before)
    assert first.body["batch"]["sum_fen"] == sum_fen
    assert first.body["signature"] in receipt.text
    assert first.body["batch"]["root"] in receipt.text
    assert f"已签认 {len(chosen)} 张" in shown(receipt)
    assert picks(desk) == {}
    assert holds(office)


def test_the_dossiers_show_the_night_screenshot_and_what_the_others_said(office: Office) -> None:
    page = office.desk("redcross").get("/demo/signing/")
    words = shown(page)
    assert "2026-0001 春耕备耕助农专场" in words
    assert "当晚申报 8,640.00" in words
    assert "已记打赏 8,640.00" in words
    assert "这笔 200.00 元由谁汇入？请补充银行回单。" in words
    assert page.text.index("其他单位有异议") < page.text.index("2026-0001 春耕备耕助农专场")


def test_a_party_speaks_again_on_what_it_queried(office: Office) -> None:
    desk = office.desk("charity")
    queried = picks(desk, "doubted")
    assert list(queried) == [number_of(office, "记-0014")]
    assert say(desk, list(queried.values()), "agree").status_code == 302
    with office.store.reading() as reading:
        said = opinions.spoken(reading, "demo", list(queried))[next(iter(queried))]
    assert [(one.word.decision, one.newest) for one in said if one.word.party == "charity"] == [
        ("query", False),
        ("agree", True),
    ]
    assert holds(office)


def test_a_substitute_under_a_recorded_authority_sees_and_signs_what_waits(office: Office) -> None:
    with office.store.transaction("demo") as session:
        person = people.create(session, login="stand-in", name="何某某", password="sunny-ledger-1")
        secadmin = roster.actor(session, "demo", people.by_login(session, "secadmin").person)  # type: ignore[union-attr]
        redcross = people.by_login(session, "redcross")
        assert redcross is not None
        roster.join(
            session,
            secadmin,
            person=person.person,
            name="何某某",
            party="redcross",
            role="viewer",
            post="",
            at=NOW,
        )
        roster.authorise_substitute(
            session,
            secadmin,
            absent=redcross.person,
            person=person.person,
            first_day=date(2026, 4, 1),
            last_day=date(2026, 4, 9),
            attachments=[{"digest": "a" * 64, "name": "a.pdf", "media": "application/pdf", "size": 1}],
            at=NOW,
        )
        stand_in = roster.actor(session, "demo", person.person)
        name = keys.request(session, stand_in, signing_password="signing-1", at=NOW, work=Work(1, 8, 1))
        keys.confirm(session, secadmin, name, at=NOW)
    office.built.logins["stand-in"] = Login("stand-in", "sunny-ledger-1", "signing-1", "viewer", "redcross")
    desk = office.desk("stand-in")
    assert "受托代签" in shown(desk.get("/demo/signing/"))
    one = picks(desk)[number_of(office, "记-0016")]
    assert desk.post("/demo/signing/confirm", {"pick": [one], "decision": "agree"}).status_code == 200
    assert say(desk, [one], "agree").status_code == 302
    office.at(NOW.replace(day=10))
    assert office.desk("stand-in").get("/demo/signing/").status_code == 403


# ---- what is refused: a sentence, and nothing stored ----------------------------------------


def test_a_wrong_signing_password_signs_nothing_and_loses_nothing(office: Office) -> None:
    desk, before = office.desk("redcross"), size(office)
    one = picks(desk)[number_of(office, "记-0016")]
    answer = say(desk, [one], "agree", password="not-the-password")
    assert answer.status_code == 403
    assert "签名口令不对" in shown(answer)
    assert one in answer.text
    assert size(office) == before


def test_guessing_the_signing_password_must_wait_after_a_few_failures(office: Office) -> None:
    desk, before = office.desk("redcross"), size(office)
    one = picks(desk)[number_of(office, "记-0016")]
    answers = [say(desk, [one], "agree", password=f"guess-{n}").status_code for n in range(6)]
    assert answers[0] == 403
    assert answers[-1] == 429
    assert "试错次数太多" in shown(say(desk, [one], "agree"))
    assert size(office) == before


def test_a_digest_that_is_not_the_stored_one_is_a_409_at_both_steps(office: Office) -> None:
    desk, before = office.desk("redcross"), size(office)
    idx = number_of(office, "记-0016")
    for form in (
        desk.post("/demo/signing/confirm", {"pick": [f"{idx}:{'0' * 64}"], "decision": "agree"}),
        say(desk, [f"{idx}:{'0' * 64}"], "agree"),
    ):
        assert form.status_code == 409
        assert "凭证内容与您看到的不一致" in shown(form)
    assert size(office) == before


@pytest.mark.parametrize("user", ["recorder", "checker", "accountant", "cashier", "redcross-clerk", "viewer"])
def test_who_records_or_only_looks_cannot_sign(office: Office, user: str) -> None:
    before = size(office)
    one = picks(office.desk("redcross"))[number_of(office, "记-0016")]
    for path in ("confirm", "sign"):
        answer = office.desk(user).post(f"/demo/signing/{path}", {"pick": [one], "decision": "agree"})
        assert answer.status_code == 403
        assert "不能签认" in shown(answer)
    assert size(office) == before


@pytest.mark.parametrize("user", ["sysadmin", "secadmin", "auditadmin"])
def test_administrators_neither_sign_nor_see_what_waits(office: Office, user: str) -> None:
    before = size(office)
    desk = office.desk(user)
    one = picks(office.desk("redcross"))[number_of(office, "记-0016")]
    for answer in (
        desk.get("/demo/signing/"),
        desk.get("/demo/entries/"),
        desk.get("/demo/signing/queries"),
        desk.get("/demo/signing/paper"),
        desk.post("/demo/signing/sign", {"pick": [one], "decision": "agree", "signing_password": "x"}),
    ):
        assert answer.status_code == 403
        assert "不能" in shown(answer)
    assert size(office) == before


def test_a_decision_of_another_party_is_refused(office: Office) -> None:
    desk, before = office.desk("redcross"), size(office)
    one = picks(desk)[number_of(office, "记-0016")]
    answer = desk.post("/demo/signing/confirm", {"pick": [one], "decision": "no-irregularity"})
    assert answer.status_code == 400
    assert "请选择签认结论" in shown(answer)
    assert say(desk, [one], "suspend", reason="x").status_code == 400
    assert size(office) == before


def test_a_record_that_needs_no_word_of_the_party_is_refused(office: Office) -> None:
    desk, before = office.desk("redcross"), size(office)
    with office.store.reading() as reading:
        member = next(iter(roster.members(reading, "demo")))
        leaf = log.get(reading, "demo", member.idx).leaf.hex()
    answer = desk.post("/demo/signing/confirm", {"pick": [f"{member.idx}:{leaf}"], "decision": "agree"})
    assert answer.status_code == 403
    assert "不需要您的单位签认" in shown(answer)
    assert size(office) == before


def test_who_drafted_an_entry_is_told_so_and_cannot_tick_or_sign_it(office: Office) -> None:
    """The Red Cross clerk drafted its spending; made a viewer and substitute, he still signs none."""
    with office.store.transaction("demo") as session:
        secadmin = roster.actor(session, "demo", people.by_login(session, "secadmin").person)  # type: ignore[union-attr]
        clerk = people.by_login(session, "redcross-clerk")
        away = people.by_login(session, "redcross")
        assert clerk is not None
        assert away is not None
        seat = next(m for m in roster.members(session, "demo") if m.person == clerk.person)
        roster.leave(session, secadmin, seat.idx, reason="调整岗位", at=NOW)
        roster.join(
            session,
            secadmin,
            person=clerk.person,
            name="周某某",
            party="redcross",
            role="viewer",
            post="",
            at=NOW,
        )
        roster.authorise_substitute(
            session,
            secadmin,
            absent=away.person,
            person=clerk.person,
            first_day=date(2026, 4, 1),
            last_day=date(2026, 4, 9),
            attachments=[{"digest": "a" * 64, "name": "a.pdf", "media": "application/pdf", "size": 1}],
            at=NOW,
        )
        name = keys.request(
            session,
            roster.actor(session, "demo", clerk.person),
            signing_password="signing-1",
            at=NOW,
            work=Work(1, 8, 1),
        )
        keys.confirm(session, secadmin, name, at=NOW)
    desk, before = office.desk("redcross-clerk"), size(office)
    page = desk.get("/demo/signing/")
    assert "您经手过这张凭证" in shown(page)
    family = [number_of(office, number) for number in ("记-0015", "记-0017", "记-0018")]
    offered = {int(found[1]): found[0] for found in PICK.finditer(page.text)}
    assert all("disabled" in offered[idx] for idx in family)
    assert "disabled" not in offered[number_of(office, "记-0016")]
    answer = say(desk, [offered_value(offered[idx]) for idx in family], "agree", password="signing-1")
    assert answer.status_code == 403
    assert "不能签认自己经手的凭证" in shown(answer)
    assert size(office) == before


def offered_value(box: str) -> str:
    found = PICK.search(box)
    assert found
    return f"{found[1]}:{found[2]}"


def test_the_host_of_a_broadcast_cannot_tick_or_sign_its_entries(office: Office) -> None:
    from ledger.book import broadcasts

    host = actor(office, "redcross")
    with office.store.transaction("demo") as session:
        old = broadcasts.get(session, "demo", "2026-0001")
        broadcasts.amend(
            session,
            actor(office, "recorder"),
            "2026-0001",
            title=old.title,
            starts_at=old.starts_at,
            ends_at=old.ends_at,
            accounts=old.accounts,
            department=old.department,
            host="孙某某",
            host_person=host.person,
            reason="主播登记有误",
            at=NOW,
        )
    desk, before = office.desk("redcross"), size(office)
    page = desk.get("/demo/signing/")
    assert "您是本场主播" in shown(page)
    box = next(found for found in PICK.finditer(page.text) if int(found[1]) == number_of(office, "记-0024"))
    assert "disabled" in box[0]
    answer = say(desk, [f"{box[1]}:{box[2]}"], "agree")
    assert answer.status_code == 403
    assert "您是本场主播" in shown(answer)
    assert size(office) == before


def test_an_original_needs_its_reversal_and_correction_beside_it(office: Office) -> None:
    desk, before = office.desk("redcross"), size(office)
    waiting = picks(desk)
    family = [number_of(office, number) for number in ("记-0015", "记-0017", "记-0018")]
    page = desk.get("/demo/signing/").text
    assert page.count(f'data-family="{" ".join(map(str, family))}"') == 3
    for left_out, number in zip(family, ("记-0015", "记-0017", "记-0018"), strict=True):
        ticked = [waiting[idx] for idx in family if idx != left_out]
        answer = desk.post("/demo/signing/confirm", {"pick": ticked, "decision": "agree"})
        assert answer.status_code == 400
        assert f"须一并签认，请同时勾选 {number}" in shown(answer)
        assert answer.text.count(" checked") == 2
    assert size(office) == before
    assert say(desk, [waiting[idx] for idx in family], "agree").status_code == 302


def test_what_was_agreed_on_before_it_was_reversed_is_signed_again_with_its_family(office: Office) -> None:
    desk = office.desk("redcross")
    original = number_of(office, "记-0020")
    assert say(desk, [picks(desk)[original]], "agree").status_code == 302
    clerk, accountant = actor(office, "charity-clerk"), actor(office, "accountant")
    with office.store.transaction("demo") as session:
        right = replace(corrections.as_new(session, "demo", original), amounts={"amount": 790000})
        draft = corrections.prepare(
            session, clerk, original, right=right, reason="少发一人", day=date(2026, 3, 31), at=NOW
        )
        drafts.post(session, accountant, draft.draft, seen=draft.digest, at=NOW)
    waiting = picks(desk)
    family = [original, size(office) - 2, size(office) - 1]
    assert set(family) <= set(waiting)
    assert "已签认，随红字凭证再签一次" in shown(desk.get("/demo/signing/"))
    assert say(desk, [waiting[idx] for idx in family], "agree").status_code == 302
    assert not set(family) & set(picks(desk))
    assert holds(office)


def test_the_same_word_twice_is_a_conflict(office: Office) -> None:
    desk = office.desk("redcross")
    one = picks(desk)[number_of(office, "记-0016")]
    assert say(desk, [one], "agree").status_code == 302
    before = size(office)
    for answer in (
        say(desk, [one], "agree"),
        desk.post("/demo/signing/confirm", {"pick": [one], "decision": "agree"}),
    ):
        assert answer.status_code == 409
        assert "已签认过其中的凭证" in shown(answer)
    assert size(office) == before


@pytest.mark.parametrize("decision", ["return", "query"])
def test_a_query_or_return_needs_its_reason_and_keeps_the_ticks(office: Office, decision: str) -> None:
    desk, before = office.desk("charity"), size(office)
    one = picks(desk)[number_of(office, "记-0016")]
    answer = desk.post("/demo/signing/confirm", {"pick": [one], "decision": decision, "reason": "  "})
    assert answer.status_code == 400
    assert "须写明理由" in shown(answer)
    assert f'value="{one}" data-pick-one' in answer.text
    assert " checked" in answer.text
    assert say(desk, [one], decision).status_code == 400
    assert size(office) == before
    assert say(desk, [one], decision, reason="缺少回单").status_code == 302
    assert size(office) == before + 1


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"decision": "agree"}, "请先勾选要签认的凭证"),
        ({"pick": ["x"], "decision": "agree"}, "页面内容不完整"),
        ({"pick": ["61:" + "g" * 64], "decision": "agree"}, "页面内容不完整"),
        ({"pick": ["61"], "decision": ""}, "页面内容不完整"),
        ({"pick": [f"{n}:{'0' * 64}" for n in range(501)], "decision": "agree"}, "一次最多签认 500 张"),
        ({"pick": [f"61:{'0' * 64}"] * 2, "decision": "agree"}, "不能重复"),
        ({"pick": [f"61:{'0' * 64}"], "decision": "query", "reason": "x" * 2001}, "最多 2000 个字"),
        ({"pick": [f"61:{'0' * 64}"], "decision": "query", "reason": "\u202ex"}, "控制字符"),
    ],
)
def test_a_form_that_says_nothing_usable_is_a_sentence(
    office: Office, form: dict[str, Any], sentence: str
) -> None:
    desk, before = office.desk("redcross"), size(office)
    for path in ("confirm", "sign"):
        answer = desk.post(f"/demo/signing/{path}", {**form, "signing_password": desk.login.signing_password})
        assert answer.status_code == 400
        assert sentence in shown(answer)
    assert size(office) == before


@pytest.mark.parametrize("idx", [999999, 999999999])
def test_a_record_that_does_not_exist_is_not_found(office: Office, idx: int) -> None:
    desk, before = office.desk("redcross"), size(office)
    assert say(desk, [f"{idx}:{'0' * 64}"], "agree").status_code == 404
    assert size(office) == before


def test_a_signer_without_a_key_is_told_what_to_do(office: Office) -> None:
    with office.store.transaction("demo") as session:
        secadmin = roster.actor(session, "demo", people.by_login(session, "secadmin").person)  # type: ignore[union-attr]
        key = keys.active(session, "demo", actor_person(office, "redcross"))
        assert key is not None
        keys.end(session, secadmin, key.key, reason="遗失", at=NOW)
    desk, before = office.desk("redcross"), size(office)
    page = desk.get("/demo/signing/")
    assert "先设置签名口令" in shown(page)
    assert 'href="/me"' in page.text
    boxes = [found[0] for found in PICK.finditer(page.text)]
    assert boxes
    assert all("disabled" in box for box in boxes)
    found = PICK.search(page.text)
    assert found
    answer = say(desk, [f"{found[1]}:{found[2]}"], "agree")
    assert answer.status_code == 400
    assert "还没有签名密钥" in shown(answer)
    assert size(office) == before


def actor_person(office: Office, user: str) -> str:
    return actor(office, user).person


def test_a_form_without_its_token_signs_nothing(office: Office) -> None:
    desk, before = office.desk("redcross"), size(office)
    one = picks(desk)[number_of(office, "记-0016")]
    form = {"pick": [one], "decision": "agree", "signing_password": desk.login.signing_password}
    assert desk.client.post("/demo/signing/sign", data=form).status_code == 400
    assert size(office) == before


# ---- another book ----------------------------------------


@pytest.mark.parametrize(
    "path", ["signing/", "signing/queries", "signing/paper", "signing/receipt/86", "entries/", "entries/45/"]
)
def test_a_book_in_which_one_has_no_seat_does_not_exist(office: Office, path: str) -> None:
    second_book(office)
    desk = office.desk("redcross")
    assert desk.get(f"/other/{path}").status_code == 404
    form = {"pick": [f"45:{'0' * 64}"], "decision": "agree", "signing_password": "x"}
    assert desk.post("/other/signing/sign", form).status_code == 404


def test_records_of_one_book_are_no_records_of_another(office: Office) -> None:
    second_book(office, seat="redcross")
    desk = office.desk("redcross")
    one = picks(desk)[number_of(office, "记-0016")]
    for path in ("entries/45/", "entries/45/rows", "signing/receipt/86"):
        assert desk.get(f"/other/{path}").status_code == 404
    form = {"pick": [one], "decision": "agree", "signing_password": desk.login.signing_password}
    assert desk.post("/other/signing/confirm", form).status_code == 404
    assert desk.post("/other/signing/queries/136", {"text": "x"}).status_code == 403


def second_book(office: Office, seat: str = "") -> None:
    from ledger.book import books
    from ledger.words import Text

    with office.store.transaction("other") as session:
        books.open_book(session, "other", name=Text("另一专账", ""), county=Text("另一示例县", ""), at=NOW)
        if seat:
            roster.seat(
                session,
                "other",
                person=actor_person(office, seat),
                name="孙某某",
                party="redcross",
                role="signer",
                post="",
                by=books.SYSTEM,
                at=NOW,
            )


# ---- queries and replies ----------------------------------------


def test_a_reply_with_further_evidence_stands_on_the_page_of_queries_and_of_the_voucher(
    office: Office,
) -> None:
    desk, before = office.desk("accountant"), size(office)
    answer = desk.post(
        "/demo/signing/queries/136",
        {"text": "银行已回复：误汇。", "files": (io.BytesIO(PNG), "reply.png"), "back": "/demo/entries/66/"},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/demo/entries/66/"
    assert size(office) == before + 1
    for path in ("/demo/signing/queries", "/demo/entries/66/"):
        page = office.desk("charity").get(path)
        assert "银行已回复：误汇。" in shown(page)
        assert "reply.png" in page.text


@pytest.mark.parametrize(
    "back", ["//evil.example/", "https://evil.example/", "/demo/people/", "/other/entries/1/"]
)
def test_after_a_reply_one_goes_nowhere_else(office: Office, back: str) -> None:
    answer = office.desk("accountant").post("/demo/signing/queries/136", {"text": "x", "back": back})
    assert answer.headers["Location"] == "/demo/signing/queries"


@pytest.mark.parametrize(
    ("user", "idx", "form", "status", "sentence"),
    [
        ("accountant", 136, {"text": " "}, 400, "请填写“回复内容”"),
        ("accountant", 136, {"text": "x" * 2001}, 400, "最多 2000 个字"),
        ("accountant", 86, {"text": "x"}, 404, "没有要回复的问询"),
        ("accountant", 999999, {"text": "x"}, 404, "没有要回复的问询"),
        ("charity", 110, {"text": "x"}, 403, "不能回复问询"),
        ("viewer", 110, {"text": "x"}, 403, "不能回复问询"),
        ("secadmin", 110, {"text": "x"}, 403, "不能回复问询"),
    ],
)
def test_a_reply_that_cannot_be_is_a_sentence(
    office: Office, user: str, idx: int, form: dict[str, str], status: int, sentence: str
) -> None:
    before = size(office)
    answer = office.desk(user).post(f"/demo/signing/queries/{idx}", form)
    assert answer.status_code == status
    assert sentence in shown(answer)
    assert size(office) == before


def test_a_reply_with_a_file_that_is_no_evidence_keeps_its_text(office: Office) -> None:
    before = size(office)
    answer = office.desk("accountant").post(
        "/demo/signing/queries/136",
        {"text": "请看附件。", "files": (io.BytesIO(b"<script>"), "x.png")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 400
    assert "请看附件。" in answer.text
    assert size(office) == before


# ---- on paper ----------------------------------------


def paper_form(office: Office, party: str, numbers: tuple[str, ...]) -> dict[str, Any]:
    indexes = [number_of(office, number) for number in numbers]
    with office.store.reading() as reading:
        leaves = dict(
            reading.connection()
            .execute(
                select(t.RecordRow.idx, t.RecordRow.leaf).where(
                    t.RecordRow.book_id == "demo", t.RecordRow.idx.in_(indexes)
                )
            )
            .all()
        )
    values = [f"{idx}:{bytes(leaves[idx]).hex()}" for idx in indexes]
    signer = actor_person(office, party)
    return {
        "party": party,
        "pick": values,
        "signer": signer,
        "decision": AGREE[party],
        "scan": (io.BytesIO(PNG), "s.png"),
    }


def test_a_sheet_is_printed_and_its_scan_filed_by_a_second_person(office: Office) -> None:
    desk, before = office.desk("checker"), size(office)
    indexes = [number_of(office, number) for number in ("记-0012", "记-0013")]
    address = "party=charity&" + "&".join(f"e={idx}" for idx in indexes)
    page = desk.get(f"/demo/signing/paper/sheet?{address}")
    assert page.status_code == 200
    pdf = desk.get(f"/demo/signing/paper/sheet.pdf?{address}")
    assert pdf.data.startswith(b"%PDF-")
    digest = re.search(r"signing-sheet-([0-9a-f]{16})\.pdf", pdf.headers["Content-Disposition"])
    assert digest
    assert digest[1] in page.text
    answer = desk.post(
        "/demo/signing/paper",
        paper_form(office, "charity", ("记-0012", "记-0013")),
        content_type="multipart/form-data",
    )
    assert answer.status_code == 302
    assert size(office) == before + 2
    with office.store.reading() as reading:
        records = [log.get(reading, "demo", idx) for idx in (before, before + 1)]
    assert {record.kind for record in records} == {"signoff.paper"}
    assert {record.by for record in records} == {actor_person(office, "checker")}
    for path in (
        f"/demo/entries/{indexes[0]}/",
        f"/demo/signing/receipt/{before}",
        "/demo/entries/",
        "/demo/month/2026-03/",
    ):
        assert "线下签署" in shown(desk.get(path)), path
    assert "没有密码学签名" in shown(desk.get(f"/demo/signing/receipt/{before}"))
    assert holds(office)


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        ({"scan": (io.BytesIO(b""), "")}, 400, "请上传已签字盖章的签认单扫描件"),
        ({"signer": "p-nobody"}, 400, "请选择在签认单上签字的在任签认人"),
        ({"decision": ""}, 400, "请选择签认结论"),
        ({"decision": "return"}, 400, "须写明理由"),
        ({"party": "operator"}, 400, "请选择签认单位"),
        ({"pick": []}, 400, "请先勾选"),
        ({"pick": [f"61:{'0' * 64}"]}, 409, "凭证内容与您看到的不一致"),
    ],
)
def test_a_scan_that_cannot_be_filed_is_a_sentence(
    office: Office, change: dict[str, Any], status: int, sentence: str
) -> None:
    desk, before = office.desk("checker"), size(office)
    form = {**paper_form(office, "charity", ("记-0016",)), **change}
    if change.get("pick"):
        form["pick"] = [f"{number_of(office, '记-0016')}:{'0' * 64}"]
    answer = desk.post("/demo/signing/paper", form, content_type="multipart/form-data")
    assert answer.status_code == status
    assert sentence in shown(answer)
    assert size(office) == before


@pytest.mark.parametrize("user", ["recorder", "cashier", "redcross", "discipline", "viewer", "sysadmin"])
def test_who_may_not_file_paper_is_refused(office: Office, user: str) -> None:
    before = size(office)
    form = paper_form(office, "charity", ("记-0016",))
    answer = office.desk(user).post("/demo/signing/paper", form, content_type="multipart/form-data")
    assert answer.status_code == 403
    assert "不能登记线下签署" in shown(answer)
    assert size(office) == before


def test_every_voucher_of_the_month_has_a_leaf_on_the_sign_off_page_or_is_signed(office: Office) -> None:
    with office.store.reading() as reading:
        found = entries.of_month(reading, "demo", Month(2026, 3))
        standing = states.standings(reading, "demo", [entry.idx for entry in found])
    waiting = picks(office.desk("redcross"))
    for entry in found:
        signed = "redcross" in standing[entry.idx].words
        assert signed != (waiting.get(entry.idx) == f"{entry.idx}:{entry.leaf}")
