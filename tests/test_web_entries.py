"""Vouchers on the page: the list and its filters, one voucher, its trail and rows, who may correct it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.book import browse, entries
from ledger.book.browse import Filters
from ledger.months import Month
from ledger.web.entries import ledger_and_detail
from ledger.words import Text
from tests import web_demo
from tests.web_demo import Built, Office, shown

ROW = re.compile(r'/demo/entries/([0-9]+)/"><strong>')


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return web_demo.build(tmp_path_factory.getbasetemp() / "web-demo")


@pytest.fixture
def office(built: Built, tmp_path: Path) -> Iterator[Office]:
    made = web_demo.copy(built, tmp_path)
    yield made
    made.store.engine.dispose()


def listed(office: Office, query: str) -> list[str]:
    """Return the numbers of the vouchers that a search shows."""
    page = office.desk("viewer").get(f"/demo/entries/?{query}")
    assert page.status_code == 200
    with office.store.reading() as reading:
        numbers = {entry.idx: entry.number for entry in entries.of_month(reading, "demo", Month(2026, 3))}
    return [numbers[int(idx)] for idx in ROW.findall(page.text)]


def number_of(office: Office, number: str) -> int:
    with office.store.reading() as reading:
        return browse.index_of(reading, "demo", "2026-03")[number]


def test_the_newest_month_is_shown_whole_and_in_order(office: Office) -> None:
    assert listed(office, "") == [f"记-{number:04d}" for number in range(1, 27)]
    words = shown(office.desk("viewer").get("/demo/entries/"))
    assert "共 26 张，金额合计 136,247.76 元" in words


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("type=SPEND", ["记-0015", "记-0018", "记-0020"]),
        ("state=queried", ["记-0014"]),
        ("broadcast=2026-0001", ["记-0001", "记-0005", "记-0007", "记-0024"]),
        ("q=9,860.00", ["记-0018"]),
        ("q=9680", ["记-0015", "记-0017"]),
        ("q=%E2%88%929,680.00", ["记-0015", "记-0017"]),
        ("q=助学金", ["记-0020"]),
        ("q=%25", []),
        ("q=_", []),
        ("month=2026-03&type=TIP&state=agreed&broadcast=2026-0004", ["记-0004"]),
        ("month=all&q=0026", ["记-0026"]),
        ("month=2026-05", []),
        ("type=NONE", []),
        ("state=none", []),
        ("q='; DROP TABLE entry; --", []),
    ],
)
def test_each_filter_finds_what_it_names(office: Office, query: str, numbers: list[str]) -> None:
    assert listed(office, query) == numbers


def test_filters_stay_in_the_form_and_in_the_address(office: Office) -> None:
    page = office.desk("viewer").get("/demo/entries/?month=2026-03&state=pending&q=%3Cb%3E")
    assert 'value="&lt;b&gt;"' in page.text
    assert '<option value="pending" selected>' in page.text
    assert office.desk("viewer").get("/demo/entries/?month=2026-3").status_code == 400


def test_a_page_holds_fifty_and_a_page_beyond_the_last_is_the_last(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert browse.PAGE == 50
    monkeypatch.setattr(browse, "PAGE", 10)
    with office.store.reading() as reading:
        pages = [browse.page(reading, "demo", Filters(), number=number) for number in (1, 2, 3, 9, 0, -1)]
    assert [(page.number, len(page.lines)) for page in pages] == [
        (1, 10),
        (2, 10),
        (3, 6),
        (3, 6),
        (1, 10),
        (1, 10),
    ]
    assert {(page.count, page.sum_fen) for page in pages} == {(26, 13624776)}
    answer = office.desk("viewer").get("/demo/entries/?q=%E8%AE%B0&page=2&month=all&type=&state=")
    assert "page=3" not in answer.text or "q=%E8%AE%B0" in answer.text
    following = re.search(
        r'href="([^"]+)" rel="next"', office.desk("viewer").get("/demo/entries/?month=all&q=0").text
    )
    assert following
    assert "q=0" in following[1]
    assert "page=2" in following[1]


def test_a_red_letter_is_red_and_has_a_true_minus_sign(office: Office) -> None:
    page = office.desk("viewer").get("/demo/entries/")
    assert '<span class="money minus">\u22129,680.00</span>' in page.text


def test_a_voucher_shows_its_lines_its_total_in_words_and_its_people(office: Office) -> None:
    words = shown(office.desk("viewer").get(f"/demo/entries/{number_of(office, '记-0018')}/"))
    for expected in (
        "记账凭证",
        "业务活动成本 县红十字会项目 5101.01",
        "合计： 人民币玖仟捌佰陆拾元整",
        "附件张数： 1",
        "制单人 ：周某某".replace(" ", ""),
        "金额误记：发票合计 9,860.00 元。",
        "更正的是这张凭证",
        "记-0015",
        "待签认",
    ):
        assert expected in words or expected.replace(" ", "") in words.replace(" ", ""), expected


def test_a_private_fact_is_masked_until_somebody_asks(office: Office) -> None:
    page = office.desk("viewer").get(f"/demo/entries/{number_of(office, '记-0014')}/")
    assert "李**" in page.text or "李某" in page.text
    handed = office.desk("viewer").get(f"/demo/entries/{number_of(office, '记-0013')}/")
    assert '<details class="reveal"><summary>张**' in handed.text


def test_the_trail_names_every_party_with_its_words_key_and_record(office: Office) -> None:
    idx = number_of(office, "记-0001")
    page = office.desk("viewer").get(f"/demo/entries/{idx}/")
    words = shown(page)
    with office.store.reading() as reading:
        leaf = entries.get(reading, "demo", idx).leaf
    assert leaf in page.text
    assert f"/demo/log/{idx}/" in page.text
    for expected in (
        "孙某某",
        "吴某某",
        "冯某某",
        "系统内签名",
        "2026-04-01 14:10",
        "未发现异常",
        "当晚申报 8,640.00",
    ):
        assert expected in words


def test_a_query_its_reply_and_the_form_to_answer_stand_on_the_voucher(office: Office) -> None:
    idx = number_of(office, "记-0014")
    for user, form in (("accountant", True), ("viewer", False), ("charity", False)):
        page = office.desk(user).get(f"/demo/entries/{idx}/")
        assert "这笔 200.00 元由谁汇入？请补充银行回单。" in page.text
        assert "查清前挂“暂收待查款”" in page.text
        assert ('action="/demo/signing/queries/136"' in page.text) is form


def test_the_opening_has_a_page_of_its_own(office: Office) -> None:
    with office.store.reading() as reading:
        from ledger.book import opening

        first = opening.get(reading, "demo")
    assert first
    words = shown(office.desk("discipline").get(f"/demo/entries/{first.idx}/"))
    assert "人民币贰万元整" in words
    assert "银行存款—公益监管专户" in words
    assert "我会知悉本账期初余额的登记。" in words


def test_source_rows_are_paged_and_those_of_a_manual_voucher_are_none(office: Office) -> None:
    viewer = office.desk("viewer")
    page = viewer.get(f"/demo/entries/{number_of(office, '记-0005')}/rows")
    assert page.status_code == 200
    assert "佣金率" in shown(page)
    assert "没有来源行" in shown(viewer.get(f"/demo/entries/{number_of(office, '记-0015')}/rows"))
    assert viewer.get(f"/demo/entries/{number_of(office, '记-0005')}/rows?page=99").status_code == 200


@pytest.mark.parametrize(
    "path", ["999999/", "999999/rows", "0/", "86/", "-1/", "x/", "99999999999999999999/"]
)
def test_what_is_no_voucher_is_not_found(office: Office, path: str) -> None:
    assert office.desk("viewer").get(f"/demo/entries/{path}").status_code == 404


@pytest.mark.parametrize(
    ("user", "number", "open_ways", "reason"),
    [
        ("recorder", "记-0001", {"amount", "broadcast", "cancel"}, ""),
        ("recorder", "记-0012", {"amount", "cancel"}, "不属于某一场直播"),
        ("recorder", "记-0020", {"cancel"}, "由其他岗位制单"),
        ("charity-clerk", "记-0020", {"amount", "cancel"}, "不属于某一场直播"),
        ("recorder", "记-0015", set(), "已经冲销"),
        ("recorder", "记-0017", set(), "红字凭证不能再冲销"),
        ("redcross", "记-0001", set(), "不能制单"),
        ("viewer", "记-0001", set(), "不能制单"),
        ("checker", "记-0001", set(), "不能制单"),
    ],
)
def test_corrections_are_offered_to_those_who_may_and_say_why_otherwise(
    office: Office, user: str, number: str, open_ways: set[str], reason: str
) -> None:
    page = office.desk(user).get(f"/demo/entries/{number_of(office, number)}/")
    found = set(re.findall(r'href="/demo/drafts/correct/[0-9]+\?how=(\w+)"', page.text))
    assert found == open_ways
    assert reason in shown(page)


@pytest.mark.parametrize("user", ["sysadmin", "secadmin", "auditadmin"])
def test_administrators_see_no_voucher(office: Office, user: str) -> None:
    desk = office.desk(user)
    for path in ("", f"{number_of(office, '记-0001')}/", f"{number_of(office, '记-0005')}/rows"):
        answer = desk.get(f"/demo/entries/{path}")
        assert answer.status_code == 403
        assert "不能查看账目" in shown(answer)


def test_nobody_sees_a_voucher_without_signing_in(office: Office) -> None:
    answer = office.app.test_client().get("/demo/entries/45/")
    assert answer.status_code == 302
    assert "/login" in answer.headers["Location"]


def test_an_account_name_splits_into_its_general_and_its_sub_account() -> None:
    name = Text("银行存款—公益监管专户", "Bank: supervised special account")
    assert ledger_and_detail(name) == (
        Text("银行存款", "Bank"),
        Text("公益监管专户", "supervised special account"),
    )
    assert ledger_and_detail(Text("现金", "Cash")) == (Text("现金", "Cash"), Text("", ""))
