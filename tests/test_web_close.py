"""The pages of the close: who sees what, what is asked for, and what a stale page is told."""

from __future__ import annotations

import re

import pytest

from tests.test_web_month import built, office  # noqa: F401 - the fixtures
from tests.web_demo import Office

CLOSE = "/demo/close/2026-03"
NOTES = {"note-charities": "票据下月补登。", "note-findings": "正在核实。"}


@pytest.fixture
def submitted(office: Office) -> Office:  # noqa: F811 - the fixture
    """March, submitted by the accountant."""
    answer = office.desk("accountant").post(f"{CLOSE}/submit", NOTES)
    assert answer.status_code == 302, answer.text
    return office


def draft_of(office: Office) -> dict[str, str]:  # noqa: F811 - the fixture
    """Return what the page of the close would send to confirm it."""
    page = office.desk("checker").get(CLOSE).text
    return dict(re.findall(r'name="(draft|digest)" value="([^"]+)"', page))


def test_the_checklist_names_each_item_and_links_to_what_stands_in_the_way(office: Office):  # noqa: F811
    page = office.desk("accountant").get(CLOSE).text
    for words in ("每场直播都有收入入账", "余额调节表", "试算平衡", "结转凭证已生成", "19,089.60"):
        assert words in page
    assert "提交月结" in page


@pytest.mark.parametrize("user", ["viewer", "recorder", "redcross", "discipline"])
def test_others_see_the_close_and_a_button_that_says_why_it_is_off(office: Office, user: str):  # noqa: F811
    page = office.desk(user).get(CLOSE)
    assert page.status_code == 200
    assert "由会计提交月结" in page.text
    assert office.desk(user).post(f"{CLOSE}/submit", NOTES).status_code == 403


def test_the_checker_confirms_and_the_month_says_by_whom(submitted: Office):
    answer = submitted.desk("checker").post(f"{CLOSE}/confirm", draft_of(submitted))
    assert answer.status_code == 302
    page = submitted.desk("viewer").get(CLOSE).text
    assert "王某某 提交，李某某 于" in page
    assert "记-0027" in page
    assert "已月结" in submitted.desk("viewer").get("/demo/close/").text


def test_who_submitted_may_not_confirm(submitted: Office):
    assert submitted.desk("accountant").post(f"{CLOSE}/confirm", draft_of(submitted)).status_code == 403


def test_a_page_that_is_older_than_the_submission_is_told_so(submitted: Office):
    old = draft_of(submitted)
    assert submitted.desk("accountant").post(f"{CLOSE}/submit", NOTES).status_code == 302
    answer = submitted.desk("checker").post(f"{CLOSE}/confirm", old)
    assert answer.status_code == 409
    assert "草稿已经处理过" in answer.text


def test_a_close_is_sent_back_with_a_note_and_the_month_stays_open(submitted: Office):
    told = {"draft": draft_of(submitted)["draft"], "note": "请先登记四月的对账单。"}
    assert submitted.desk("checker").post(f"{CLOSE}/return", told).status_code == 302
    assert "未结账" in submitted.desk("viewer").get("/demo/close/").text


def test_the_draft_of_a_close_leads_to_the_page_of_the_close(submitted: Office):
    answer = submitted.desk("checker").get(f"/demo/drafts/{draft_of(submitted)['draft']}")
    assert answer.headers["Location"].endswith(CLOSE)
    assert "月结" in submitted.desk("checker").get("/demo/drafts/").text


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/demo/close/2026-13", 400, "月份"),
        ("/demo/close/2026-04/submit", 409, "请先月结 2026-03"),
    ],
)
def test_a_month_that_is_none_or_out_of_turn_is_told_so(office: Office, path, status, words):  # noqa: F811
    desk = office.desk("accountant")
    answer = desk.post(path, NOTES) if path.endswith("submit") else desk.get(path)
    assert answer.status_code == status
    assert words in answer.text


def test_a_hard_item_keeps_the_month_open(office: Office):  # noqa: F811
    """An account whose broadcast has neither income nor a declaration."""
    recorder = office.desk("recorder")
    given = {
        "title": "补录专场",
        "starts_at": "2026-03-28T20:00",
        "ends_at": "2026-03-28T21:00",
        "accounts": "A01",
        "department": "县农业农村局",
        "host": "马某某",
    }
    assert recorder.post("/demo/broadcasts/new", given).status_code == 302
    answer = office.desk("accountant").post(f"{CLOSE}/submit", NOTES)
    assert answer.status_code == 400
    assert "还有 1 项没有完成" in answer.text
    assert "2026-0005" in answer.text
