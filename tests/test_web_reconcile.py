"""Reconciling on the page: the month, one account, proposals at once, by hand, words on lines, undoing."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from ledger.book import reconcile, reconcile_lines, roster
from ledger.store import tables_check as c
from ledger.web import reconcile as pages
from tests.books import at
from tests.web_desk import Desk, Person, desk

__all__ = ["desk"]

BANK, PAGE = "1002.01", "/reconcile/1002.01/2026-03"
PICK = re.compile(r'name="pick" value="([^"]+)"')
LINE = re.compile(r'name="line" value="((statement|book)-[^"]+)" data-side="[a-z]+" data-fen="(-?[0-9]+)"')


@pytest.fixture
def placed(desk: Desk) -> Desk:
    """The demonstration before its bank statement was matched: placed, with every match taken back."""
    with desk.store.transaction("demo") as session:
        members = {one.role: one.person for one in roster.members(session, "demo")}
        actor = roster.actor(session, "demo", members["accountant"])
        for one in reconcile_lines.standing(session, "demo", BANK):
            reconcile.undo(session, actor, one.idx, reason="重新对账", at=at(2, "10:00", 4))
    return desk


@pytest.fixture
def accountant(placed: Desk) -> Person:
    return placed.sign_in("accountant")


def picks(page: str) -> list[str]:
    return PICK.findall(page)


def open_lines(page: str) -> dict[str, dict[int, str]]:
    """The lines that the page offers, by side and amount."""
    found: dict[str, dict[int, str]] = {"statement": {}, "book": {}}
    for name, side, fen in LINE.findall(page):
        found[side][int(fen)] = name
    return found


def standing(desk: Desk) -> int:
    with desk.store.reading() as reading:
        undone = select(c.MatchUndone.match_idx)
        return len(reading.scalars(select(c.Match).where(c.Match.idx.not_in(undone))).all())


def test_the_month_shows_its_accounts_the_three_sides_and_every_broadcast(placed: Desk):
    page = placed.sign_in("viewer").get("/reconcile/?month=2026-03").get_data(as_text=True)
    for words in (
        "银行存款—公益监管专户",
        "平台 ↔ 账面",
        "账面 ↔ 监管专户",
        "账面 ↔ 慈善机构票据",
        "5,709.84",
        "2,140.00",
        "1,575.00",
        "主播代收待缴",
        "2026-0004",
        "截图后平台补计 5 音浪",
        'href="/demo/reconcile/statements/"',
        'href="/demo/reconcile/1002.01/2026-03"',
    ):
        assert words in page, words
    assert placed.sign_in("viewer").get("/reconcile/").status_code == 200
    assert placed.sign_in("viewer").get("/reconcile/?month=2026-05").status_code == 200
    assert placed.sign_in("viewer").get("/reconcile/?month=mars").status_code == 400


def test_all_proposals_are_confirmed_at_once_and_the_table_is_even(placed: Desk, accountant: Person):
    page = accountant.get(PAGE).get_data(as_text=True)
    assert len(picks(page)) == 7
    assert page.count("data-pick-one") == page.count(" checked>") == 7
    done = accountant.sees(
        accountant.post(f"{PAGE}/confirm", pick=picks(page)), "已勾对 7 组", "调节后两边相等"
    )
    assert picks(done) == []
    assert "两边都没有未勾对的行" in done
    assert standing(placed) == 7
    placed.check_everything()


def test_a_stale_page_stores_nothing_and_says_so(placed: Desk, accountant: Person):
    first = picks(accountant.get(PAGE).get_data(as_text=True))
    accountant.post(f"{PAGE}/confirm", pick=first[:1])
    with placed.nothing_stored():
        accountant.sees(accountant.post(f"{PAGE}/confirm", pick=first), "刚才已被勾对", status=409)
        accountant.sees(
            accountant.post(f"{PAGE}/match", line=first[0].split(" ")), "刚才已被勾对", status=409
        )
        accountant.sees(
            accountant.post(f"{PAGE}/judge", line=first[0].split(" "), state="query", said="查"),
            "刚才已被勾对",
            status=409,
        )
    assert standing(placed) == 1


def test_lines_are_matched_by_hand_with_a_reason_where_the_sums_differ(placed: Desk, accountant: Person):
    lines = open_lines(accountant.get(PAGE).get_data(as_text=True))
    told, booked = lines["statement"], lines["book"]
    several = [told[-1200000], told[-800000], booked[-1200000], booked[-800000]]
    accountant.sees(accountant.post(f"{PAGE}/match", line=several), "已勾对 4 行")
    with placed.nothing_stored():
        page = accountant.sees(
            accountant.post(f"{PAGE}/match", line=[told[20000], booked[326]], reason=""),
            "对账单 200.00 元，账面 3.26 元，相差 196.74 元",
            status=400,
        )
        ticks = [f'value="{name}"' for name in (told[20000], booked[326])]
        boxes = re.findall(r"<input type=\"checkbox\" id=\"l-[^>]+ checked>", page)
        assert [any(tick in box for tick in ticks) for box in boxes] == [True, True]
        accountant.sees(accountant.post(f"{PAGE}/match", line=[told[20000]]), "只勾选了一边", status=400)
        accountant.sees(accountant.post(f"{PAGE}/match"), "请先勾选", status=400)
        accountant.sees(accountant.post(f"{PAGE}/match", line=["statement-1"]), "页面内容不完整", status=400)
        accountant.sees(accountant.post(f"{PAGE}/confirm"), "请先勾选", status=400)
    reason = "手续费在途"
    page = accountant.sees(
        accountant.post(f"{PAGE}/match", line=[told[20000], booked[326]], reason=reason),
        reason,
        "相差 196.74",
    )
    assert "已解释" in page
    placed.check_everything()


def test_what_the_other_side_lacks_gets_a_word_and_a_date(placed: Desk, accountant: Person):
    lines = open_lines(accountant.get(PAGE).get_data(as_text=True))
    name = lines["book"][693300]
    with placed.nothing_stored():
        for fields, words in (
            ({"state": "transit", "said": "下月到账"}, "请填写预计"),
            ({"state": "query", "said": ""}, "请填写“说明”"),
            ({"state": "matched", "said": "好"}, "请从列表里选择"),
            ({"state": "", "said": "好"}, "请选择“差异性质”"),
            ({"state": "transit", "said": "好", "expected": "下月"}, "请写成 2026-03-03"),
        ):
            accountant.sees(accountant.post(f"{PAGE}/judge", line=[name], **fields), words, status=400)
        accountant.sees(
            accountant.post(f"{PAGE}/judge", state="query", said="查"), "请先勾选要说明的行", status=400
        )
    fields = {"state": "transit", "said": "下月到账", "expected": "2026-04-02"}
    accountant.sees(
        accountant.post(f"{PAGE}/judge", line=[name], **fields), "已登记 1 行", "下月到账", "预计 2026-04-02"
    )
    page = accountant.get("/reconcile/?month=2026-03").get_data(as_text=True)
    assert "时间性差异" in page
    placed.check_everything()


def test_a_match_is_taken_back_with_a_reason_once(placed: Desk, accountant: Person):
    first = picks(accountant.get(PAGE).get_data(as_text=True))
    page = accountant.sees(accountant.post(f"{PAGE}/confirm", pick=first[:1]))
    match = re.search(r'name="match" value="([0-9]+)"', page)
    assert match
    with placed.nothing_stored():
        accountant.sees(accountant.post(f"{PAGE}/undo", match=match[1], why=""), "撤销原因", status=400)
        missing = accountant.post(f"{PAGE}/undo", match="1", why="配错了")
        assert missing.status_code == 404
    accountant.sees(accountant.post(f"{PAGE}/undo", match=match[1], why="配错了"), "已撤销")
    assert picks(accountant.get(PAGE).get_data(as_text=True)) == first
    with placed.nothing_stored():
        accountant.sees(
            accountant.post(f"{PAGE}/undo", match=match[1], why="再撤一次"), "刚才已被撤销", status=409
        )
    placed.check_everything()


@pytest.mark.parametrize("login", ["cashier", "recorder", "checker", "redcross", "viewer"])
def test_others_look_but_do_not_reconcile(placed: Desk, login: str):
    other = placed.sign_in(login)
    page = other.sees(other.get(PAGE), "您的角色不能对账")
    first = picks(page)
    assert first
    assert page.count(" disabled") >= len(first)
    with placed.nothing_stored():
        for path in ("confirm", "match", "judge", "undo"):
            assert other.post(f"{PAGE}/{path}", pick=first, line=first[0].split(" ")).status_code == 403


def test_an_account_without_statements_and_addresses_that_do_not_exist(placed: Desk, accountant: Person):
    accountant.sees(accountant.get("/reconcile/1009.02/2026-03"), "还没有对账单", "余额调节表", "1,575.00")
    accountant.sees(accountant.get("/reconcile/1122.21/2026-03"), "没有对账单可对", status=400)
    accountant.sees(accountant.get("/reconcile/nope/2026-03"), "没有对账单可对", status=400)
    assert accountant.get("/reconcile/1002.01/2026-3").status_code == 400


def test_a_page_shows_only_so_many_lines_and_says_so(
    placed: Desk, accountant: Person, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pages, "SHOWN_MAX", 3)
    page = accountant.sees(accountant.get(PAGE), "先显示 3 条", "只显示最早的 3 行")
    assert len(picks(page)) == 3


def test_a_persons_name_on_the_statement_is_masked(accountant: Person):
    page = accountant.get(PAGE).get_data(as_text=True)
    assert "李**" in page
    assert "李某" not in page.replace("李某某", "")


def test_the_page_of_a_broadcast_follows_its_money_to_the_bank(placed: Desk):
    viewer = placed.sign_in("viewer")
    page = viewer.sees(viewer.get("/broadcasts/2026-0001"), "从直播到监管专户", "4,167.19", "2.81")
    assert "退款追扣与场次 2026-0004 的款项抵换 150.00 元" in page
    assert "记-0013" in page
    page = viewer.sees(viewer.get("/broadcasts/2026-0004"), "5,709.84", "140.41", "已解释")
    assert "到 2026-04-30 为止" in page


def test_the_page_speaks_english_too(placed: Desk, accountant: Person):
    accountant.client.post("/language/en", data={"csrf_token": accountant.token, "next": "/demo" + PAGE})
    assert accountant.get(PAGE).status_code == 200
