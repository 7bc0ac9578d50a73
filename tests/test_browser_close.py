"""Three refusals walked in the browser: a party refuses, a party is silent, a mistake is found after the close."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from ledger import demo
from ledger.book import statement
from ledger.months import Month
from ledger.statement import MonthlyStatement
from ledger.store.engine import open_store
from tests.live import LAPTOP, PHONE, Site, faults, overflow
from tests.test_browser_month import running  # noqa: F401 - the fixture

MARCH, APRIL = Month(2026, 3), Month(2026, 4)


@pytest.fixture
def site(running: Site) -> Iterator[Site]:  # noqa: F811 - the fixture
    """The site over a fresh copy of the demonstration."""
    return running


def report(folder, month: Month) -> MonthlyStatement:
    """Return the statement as the report would print it now."""
    store = open_store(f"sqlite:///{folder / 'live.db'}")
    with store.reading() as session:
        found = statement.monthly(session, demo.BOOK, month)
    store.engine.dispose()
    return found


def close_march(site: Site) -> None:
    """The accountant submits with a note where one is asked for, the checker confirms."""
    with site.at_desk("accountant") as page:
        page.goto(f"{site.url}/demo/close/2026-03")
        for note in page.locator("textarea[name^=note-]").all():
            note.fill("对方尚未办理，下月补登。")
        page.get_by_role("button", name="提交月结").click()
        expect(page.get_by_text("月结已提交")).to_be_visible()
        expect(page.get_by_role("button", name="确认月结")).to_be_disabled()  # not by who submitted it
    with site.at_desk("checker") as page:
        page.goto(f"{site.url}/demo/close/2026-03")
        page.get_by_role("button", name="确认月结").click()
        expect(page.get_by_text("本月已月结")).to_be_visible()


def return_one(page: Page, site: Site, user: str, number: str, reason: str) -> None:
    """Return one voucher with a reason."""
    page.goto(f"{site.url}/demo/signing/")
    page.locator("li.pick").filter(has_text=number).locator("[data-pick-one]").first.check()
    page.get_by_text("有疑问，不同意").click()
    page.get_by_label("理由").fill(reason)
    page.locator(".sign-bar button[name=decision][value=return]").click()
    page.get_by_label("签名口令").fill(site.logins[user].signing_password)
    page.get_by_role("button", name="签名：").click()
    expect(page.get_by_role("heading", name="签认回执")).to_be_visible()


def test_a_party_refuses_and_the_month_closes_and_the_report_says_so(site: Site, tmp_path):
    with site.at_desk("charity") as page:
        return_one(page, site, "charity", "记-0016", "手续费没有银行回单，退回补充。")
    close_march(site)
    found = report(tmp_path, MARCH)
    charity = next(party for party in found.parties if party.party == "charity")
    assert charity.returned == 1
    assert any(item.rule == "objection" and item.where == "记-0016" for item in found.findings)
    assert found.close is not None
    assert found.close.confirmer == "李某某"


def test_a_party_is_silent_and_the_month_closes_and_the_report_counts_what_waits(site: Site, tmp_path):
    close_march(site)
    found = report(tmp_path, MARCH)
    assert found.close is not None
    assert found.close.closed_at is not None
    waiting = {party.party: party.waiting for party in found.parties}
    assert all(count > 0 for count in waiting.values()), waiting
    with site.at_desk("recorder") as page:
        page.goto(f"{site.url}/demo/month/2026-03/")
        expect(page.get_by_text("待签认").first).to_be_visible()


def test_a_mistake_found_after_the_close_is_corrected_in_april_and_march_stays(site: Site, tmp_path):
    close_march(site)
    before = report(tmp_path, MARCH)
    with site.at_desk("accountant") as page:
        page.goto(f"{site.url}/demo/entries/?month=2026-03&type=BANK_FEE")
        page.get_by_role("link", name="记-0016").first.click()
        page.get_by_role("link", name="金额或内容有误").click()
        page.get_by_label("手续费").fill("6.00")
        page.get_by_label("更正原因").fill("银行回单为 6.00 元。")
        page.locator("form[method=post] button.button-main").last.click()
        expect(page.get_by_text("注销2026年3月21日记-0016号凭证（红字）").first).to_be_visible()
        address = page.url
    with site.at_desk("checker") as page:
        page.goto(address)
        page.get_by_role("button", name="审核记账").click()
        expect(page.get_by_text("已记账").first).to_be_visible()
    after = report(tmp_path, MARCH)
    assert (after.lines, after.summary.closing_fund_fen) == (before.lines, before.summary.closing_fund_fen)
    april = report(tmp_path, APRIL)
    assert [(one.original, one.wrong_fen, one.right_fen) for one in april.corrections] == [
        ("记-0016", 500, 600)
    ]
    assert april.summary.checks_hold


def test_nothing_can_be_dated_into_the_closed_month(site: Site):
    close_march(site)
    with site.at_desk("cashier") as page:
        page.goto(f"{site.url}/demo/drafts/new?type=BANK_FEE")
        page.locator("input[type=date]").first.fill("2026-03-30")
        page.get_by_label("手续费").fill("5.00")
        page.locator("form[method=post] button.button-main").last.click()
        expect(page.get_by_text("已经月结").first).to_be_visible()


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_the_pages_of_the_close_are_usable_by_everybody(site: Site, size):
    with site.at_desk("accountant", size=size) as page:
        for path in ("close/", "close/2026-03"):
            page.goto(f"{site.url}/demo/{path}")
            assert faults(page) == []
            assert overflow(page) <= 0
