"""The month walked in a real browser, as each of its users would."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from ledger import demo, intake
from ledger.store import verify
from ledger.store.engine import open_store
from tests.live import PHONE, Site, faults, overflow, site

FILES = Path(demo.__file__).parent / "files"


@pytest.fixture
def running(demo_file, browser, tmp_path) -> Iterator[Site]:
    """The site over a fresh copy; what was done to it is verified at the end."""
    path, logins = demo_file
    with site(path, logins, browser, tmp_path) as made:
        yield made
    store = open_store(f"sqlite:///{tmp_path / 'live.db'}")
    with store.reading() as session:
        verdict = verify.verify(session, demo.BOOK, derive=intake.derive)
    store.engine.dispose()
    assert verdict.sound, verdict.broken


def sign_everything(page: Page, site: Site, user: str, decision: str) -> None:
    """Tick all that waits, look at the second page, type the signing password, sign."""
    page.goto(f"{site.url}/demo/signing/")
    page.locator("[data-pick-all]").check()
    page.locator(f".sign-bar button[name=decision][value={decision}]").first.click()
    expect(page.get_by_text("人民币").first).to_be_visible()
    page.get_by_label("签名口令").fill(site.logins[user].signing_password)
    page.get_by_role("button", name="签名：").click()
    expect(page.get_by_role("heading", name="签认回执")).to_be_visible()


def test_the_recorder_declares_the_night_on_a_phone_with_its_screenshot(running: Site):
    with running.at_desk("recorder", size=PHONE) as page:
        page.goto(f"{running.url}/demo/broadcasts/new")
        page.get_by_label("场次主题").fill("春灌用水公益专场")
        page.get_by_label("开播时间").fill("2026-04-01T20:00")
        page.get_by_label("下播时间").fill("2026-04-01T22:00")
        page.locator("input[name=accounts][value=A01]").check()
        page.get_by_label("主播", exact=True).fill("张某某")
        page.get_by_role("button", name="登记场次").click()
        page.goto(f"{running.url}/demo/broadcasts/2026-0005/declare")
        page.locator("input[name=amount-A01]").fill("1,234.50")
        page.locator("input[name=gallery]").set_input_files(FILES / "screen-0001.png")
        page.get_by_label("截图时间").fill("2026-04-01T22:10")
        page.get_by_role("button", name="提交申报").click()
        expect(page.get_by_text("1,234.50").first).to_be_visible()
        assert overflow(page) <= 0


def test_a_file_is_uploaded_previewed_and_posted_by_a_second_person(running: Site):
    sheet = (
        "直播场次号,平台,账号,开播时间,下播时间,音浪/黄钻数,平台显示打赏收入(元),平台显示可提现(元),截图文件,截图时间,录入人,复核人,备注\r\n"
        "2026-0005,抖音,示例县公益直播,2026-04-01 20:00:00,2026-04-01 22:00:00,12345,1234.50,617.25,,2026-04-01 22:10:00,记录员甲,复核员乙,\r\n"
    ).encode("utf-8-sig")
    with running.at_desk("recorder") as page:
        page.goto(f"{running.url}/demo/broadcasts/new")
        page.get_by_label("场次主题").fill("春灌用水公益专场")
        page.get_by_label("开播时间").fill("2026-04-01T20:00")
        page.get_by_label("下播时间").fill("2026-04-01T22:00")
        page.locator("input[name=accounts][value=A01]").check()
        page.get_by_label("主播", exact=True).fill("张某某")
        page.get_by_role("button", name="登记场次").click()
        page.goto(f"{running.url}/demo/imports/")
        page.locator("input[name=file]").set_input_files(
            {"name": "四月打赏.csv", "mimeType": "text/csv", "buffer": sheet}
        )
        page.get_by_role("button", name="上传并核对").click()
        expect(page.get_by_text("1,234.50").first).to_be_visible()
        post = page.get_by_role("button", name="审核记账")
        expect(post).to_be_disabled()  # the drafter may not
        address = page.url
    with running.at_desk("checker") as page:
        page.goto(address)
        page.get_by_role("button", name="审核记账").click()
        expect(page.get_by_text("记-0001").first).to_be_visible()


def test_a_file_with_faults_is_refused_with_row_and_column(running: Site):
    damaged = (
        (FILES / "达人订单明细_百应.csv").read_bytes().replace(b"6931000000000100084\t", b"6.931E+18", 1)
    )
    with running.at_desk("recorder") as page:
        page.goto(f"{running.url}/demo/imports/")
        page.locator("input[name=file]").set_input_files(
            {"name": "订单.csv", "mimeType": "text/csv", "buffer": damaged}
        )
        page.get_by_role("button", name="上传并核对").click()
        expect(page.get_by_text("该文件曾被 Excel 另存").first).to_be_visible()


def test_the_three_institutions_sign_and_the_viewer_downloads_the_month(running: Site):
    with running.at_desk("charity") as page:
        sign_everything(page, running, "charity", "agree")
    with running.at_desk("redcross") as page:
        sign_everything(page, running, "redcross", "agree")
    with running.at_desk("discipline") as page:
        sign_everything(page, running, "discipline", "no-irregularity")
        page.goto(f"{running.url}/demo/signing/")
        expect(page.get_by_text("没有待签认的凭证")).to_be_visible()
    with running.at_desk("viewer") as page:
        page.goto(f"{running.url}/demo/month/2026-03/")
        expect(page.get_by_text("21,229.60").first).to_be_visible()
        with page.expect_download() as waiting:
            page.get_by_role("link", name="PDF 中文").click()
        assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF-")
        with page.expect_download() as waiting:
            page.get_by_role("link", name="Excel English").click()
        assert len(load_workbook(io.BytesIO(Path(waiting.value.path()).read_bytes())).sheetnames) > 10


def test_a_wrong_signing_password_signs_nothing_and_says_so(running: Site):
    with running.at_desk("redcross") as page:
        page.goto(f"{running.url}/demo/signing/")
        page.locator("[data-pick-all]").check()
        page.locator(".sign-bar button[name=decision][value=agree]").first.click()
        page.get_by_label("签名口令").fill(running.logins["redcross"].password)
        page.get_by_role("button", name="签名：").click()
        expect(page.get_by_text("签名口令不对").first).to_be_visible()
        page.goto(f"{running.url}/demo/signing/")
        expect(page.locator("[data-pick-one]")).to_have_count(15)


def test_the_clerk_of_a_charity_corrects_a_wrong_amount_with_one_button(running: Site):
    with running.at_desk("accountant") as page:
        page.goto(f"{running.url}/demo/entries/?month=2026-03&type=BANK_FEE")
        page.get_by_role("link", name="记-0016").first.click()
        page.get_by_role("link", name="金额或内容有误").click()
        page.get_by_label("手续费").fill("6.00")
        page.get_by_label("更正原因").fill("银行回单为 6.00 元")
        page.locator("form[method=post] button.button-main").last.click()
        expect(page.get_by_text("注销2026年3月21日记-0016号凭证（红字）").first).to_be_visible()
        expect(page.get_by_text("−5.00").first).to_be_visible()


def test_the_sign_in_page_has_no_serious_fault(running: Site):
    context = running.browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(f"{running.url}/login")
    found = faults(page)
    context.close()
    assert found == []
