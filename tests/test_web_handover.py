"""Hand-over, publication and the working calendar, as people use them in the browser."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from ledger import demo
from ledger.book import calendars, handover, people, roster
from ledger.demo import welfare
from ledger.months import CHINA
from ledger.store import schema
from ledger.store.engine import open_store
from tests.desk import CHEAP, config_for
from tests.test_reports_pdf import text
from tests.web_desk import SCREENSHOT, Desk, Person, said

SCAN = (SCREENSHOT, "声明扫描件.png")
LINK = "https://www.example.gov.cn/gongshi/2026-03.html"
MARCH = "?through=2026-03-31"
SENTENCE = "本人账户收到提现 12,642.84 元，已上缴 6,933.00 元，尚余 5,709.84 元未上缴；无截留。"
HIDDEN = re.compile(r'name="(through|before|withdrawn|handed|held)" value="([^"]*)"')


def fields(page: str) -> dict[str, str]:
    """Return the hidden fields of the declaration's form; `through` stands in both forms, the last one counts."""
    return dict(HIDDEN.findall(page))


def sign_in_streamer(desk: Desk) -> Person:
    """Seat a streamer and sign him in."""
    with desk.store.transaction("demo") as session:
        made = people.create(session, login="streamer", name="张某某", password="sunny-ledger-1", work=CHEAP)
        roster.seat(
            session,
            "demo",
            person=made.person,
            name="张某某",
            party="operator",
            role="streamer",
            post="主播",
            by="system",
            at=desk.at,
        )
    login = demo.Login("streamer", "sunny-ledger-1", "", role="streamer", party="operator")
    desk.logins = desk.logins | {"streamer": login}
    return desk.sign_in("streamer")


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[demo.Login]]:
    """The demonstration before anybody loaded a calendar or declared a hand-over."""
    path = tmp_path_factory.mktemp("bare") / "demo.db"
    store = open_store(f"sqlite:///{path}")
    schema.migrate(store)
    with pytest.MonkeyPatch.context() as without:
        without.setattr(calendars, "packaged", dict)
        without.setattr(welfare, "_handover", lambda *_: None)
        logins = demo.build(store)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.engine.dispose()
    return path, logins


@pytest.fixture
def desk(bare: tuple[Path, list[demo.Login]], tmp_path: Path) -> Iterator[Desk]:
    """A copy of it behind the application."""
    path, logins = bare
    shutil.copyfile(path, tmp_path / "demo.db")
    store = open_store(f"sqlite:///{tmp_path / 'demo.db'}")
    yield Desk(store, {login.user: login for login in logins}, config_for(tmp_path))
    store.engine.dispose()


@pytest.fixture
def loaded(desk: Desk) -> Desk:
    """The demonstration with the calendar of 2026."""
    desk.sign_in("secadmin").post("/calendar/packaged", year="2026")
    return desk


# ---- what is in the streamer's hands ---------------------------------------------------------------------


def test_without_a_calendar_the_page_says_that_it_cannot_judge(desk: Desk):
    page = desk.sign_in("viewer").get("/handover/").get_data(as_text=True)
    assert "5,709.84" in page
    assert "工作日历没有载入全部年份，无法判断是否逾期" in page
    assert "日历未载入" in page
    assert "已过上缴期限" not in page


def test_the_page_shows_each_parcel_with_its_age_and_due_day(loaded: Desk):
    viewer = loaded.sign_in("viewer")
    page = viewer.sees(
        viewer.get("/handover/"),
        "5,709.84",
        "人民币伍仟柒佰零玖元捌角肆分",
        "2026年3月31日",
        "2026年4月3日",
        "即将到期",
    )
    assert 'class="is-late"' not in page
    assert "由主播本人，或由制单、出纳登记书面声明" in page
    loaded.at = datetime(2026, 4, 4, 9, tzinfo=CHINA)
    late = viewer.sees(loaded.sign_in("viewer").get("/handover/"), "已过上缴期限", "逾期")
    assert 'class="is-late"' in late


def test_the_months_table_goes_from_withdrawals_to_what_is_left(loaded: Desk):
    viewer = loaded.sign_in("viewer")
    page = viewer.sees(viewer.get("/handover/" + MARCH), "2026年3月 提现与上缴", "12,642.84", "6,933.00")
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", page.partition("提现与上缴</h2>")[2], re.DOTALL)
    figures = [re.findall(r"money[^>]*>([^<]+)<", row) for row in rows if "money" in row]
    assert figures[:6] == [
        ["0.00"],
        ["6,933.00"],
        ["6,933.00"],
        ["5,709.84"],
        ["12,642.84", "6,933.00"],
        ["5,709.84"],
    ]
    april = said(viewer.get("/handover/").get_data(as_text=True).partition("提现与上缴</h2>")[2])
    assert "期初尚未上缴 5,709.84" in april


@pytest.mark.parametrize("through", ["", "abc", "2026-02-30", "2099-01-01", "2026-04-02"])
def test_a_day_that_is_none_or_to_come_is_today(loaded: Desk, through: str):
    page = loaded.sign_in("recorder").get(f"/handover/?through={through}").get_data(as_text=True)
    assert fields(page)["through"] == "2026-04-02"


# ---- the declaration -------------------------------------------------------------------------------------


def test_the_streamer_sees_only_this_page_and_declares_with_one_press(loaded: Desk):
    streamer = sign_in_streamer(loaded)
    page = streamer.sees(streamer.client.get("/"), "主播上缴", "以上属实，本人声明")
    assert "/demo/entries/" not in page
    assert "/demo/signing/" not in page
    for path in (
        "/",
        "/entries/",
        "/signing/",
        "/broadcasts/",
        "/month/2026-03/",
        "/log/",
        "/calendar/",
        "/disclosures/",
    ):
        assert streamer.get(path).status_code == 403, path
    page = streamer.sees(streamer.get("/handover/" + MARCH), SENTENCE)
    done = streamer.post("/handover/", **fields(page))
    page = streamer.sees(done, "上缴声明已登记", "本人在系统中声明", "截至 2026年3月31日")
    assert page.count(SENTENCE) == 2
    with loaded.store.reading() as reading:
        (one,) = handover.declarations(reading, "demo")
        assert (one.host, one.method, one.in_hands_fen) == ("张某某", "screen", 570_984)
    streamer.sees(streamer.post("/handover/", **fields(page)), "同样的上缴声明已经登记", status=409)
    loaded.check_everything()


def test_figures_that_changed_meanwhile_are_refused_and_the_new_ones_shown(loaded: Desk):
    streamer = sign_in_streamer(loaded)
    page = streamer.get("/handover/" + MARCH).get_data(as_text=True)
    with loaded.nothing_stored():
        page = streamer.sees(
            streamer.post("/handover/", **fields(page) | {"held": "0", "handed": "1264284"}),
            "账上的数字刚才有变化",
            SENTENCE,
            status=409,
        )
    assert fields(page)["held"] == "570984"


def test_a_paper_declaration_is_printed_signed_and_filed_by_the_cashier(loaded: Desk):
    cashier = loaded.sign_in("cashier")
    printed = cashier.get("/handover/sheet.pdf" + MARCH)
    assert printed.mimetype == "application/pdf"
    told = text(printed.data)
    assert "主播上缴声明" in told
    assert "人民币伍仟柒佰零玖元捌角肆分" in told
    assert "尚余5,709.84元未上缴" in "".join(told.split())
    page = cashier.get("/handover/" + MARCH).get_data(as_text=True)
    done = cashier.post("/handover/", **fields(page), host="张某某", scan=SCAN)
    cashier.sees(done, "上缴声明已登记", "线下签署", "声明扫描件.png", "登记人 赵某某")
    loaded.check_everything()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"scan": []}, "请上传主播签字的上缴声明扫描件"),
        ({"scan": (b"", "a.png")}, "空文件"),
        ({"host": ""}, "请填写主播姓名"),
        ({"host": "张" * 61}, "请填写主播姓名，最多 60 个字"),
        ({"host": "张\u202e某"}, "控制字符"),
        ({"host_person": "somebody"}, "请从列表里选择主播"),
        ({"through": "2026-13-01"}, "“截止日期”请写成"),
        ({"through": "2026-04-03"}, "不能晚于今天"),
        ({"held": ""}, "页面上的数字没有传回来"),
        ({"held": "5709.84"}, "页面上的数字没有传回来"),
        ({"held": "9" * 17}, "页面上的数字没有传回来"),
    ],
)
def test_a_bad_declaration_is_refused_with_what_to_do(
    loaded: Desk, changes: dict[str, object], sentence: str
):
    recorder = loaded.sign_in("recorder")
    page = recorder.get("/handover/" + MARCH).get_data(as_text=True)
    with loaded.nothing_stored():
        given = fields(page) | {"host": "张某某", "scan": SCAN} | changes
        recorder.sees(recorder.post("/handover/", **given), sentence, status=400)


@pytest.mark.parametrize("login", ["checker", "accountant", "redcross", "discipline", "viewer"])
def test_others_see_why_they_cannot_declare(desk: Desk, login: str):
    person = desk.sign_in(login)
    page = person.sees(person.get("/handover/"), "由主播本人，或由制单、出纳登记书面声明")
    assert person.post("/handover/", **fields(page)).status_code == 403


def test_the_english_page_keeps_the_chinese_declaration_of_the_record(loaded: Desk):
    streamer = sign_in_streamer(loaded)
    streamer.post("/handover/", **fields(streamer.get("/handover/" + MARCH).get_data(as_text=True)))
    streamer.client.post("/language/en", data={"csrf_token": streamer.token, "next": "/"})
    streamer.sees(streamer.get("/handover/" + MARCH), SENTENCE)


def test_the_overview_leads_to_what_is_late(loaded: Desk):
    loaded.at = datetime(2026, 4, 7, 9, tzinfo=CHINA)
    for login in ("recorder", "discipline"):
        person = loaded.sign_in(login)
        page = person.sees(person.get("/"), "1 笔主播代收款上缴已逾期")
        assert '<a href="/demo/handover/" class="is-urgent">' in page


# ---- publication -----------------------------------------------------------------------------------------


def test_the_duties_of_the_month_with_guidance_marked_as_such(loaded: Desk):
    viewer = loaded.sign_in("viewer")
    page = viewer.sees(
        viewer.get("/disclosures/?month=2026-03"),
        "收支月报",
        "2026年4月15日",
        "到账信息",
        "指引",
        "非法定",
        "由制单、会计主管",
    )
    assert "2026-03 记-" in page
    assert "已过指引期限" in page
    assert "逾期未公开" not in page


def test_without_a_calendar_the_page_says_which_days_are_missing(desk: Desk):
    viewer = desk.sign_in("viewer")
    viewer.sees(viewer.get("/disclosures/"), "2026 年前后的工作日历还没有载入", "收支月报")


def register(person: Person, **changes: object) -> TestResponse:
    given = {"month": "2026-03", "what": "monthly/2026-03", "done_on": "2026-04-02", "link": LINK}
    return person.post("/disclosures/", **(given | changes))


def test_a_publication_is_registered_with_its_link(loaded: Desk):
    accountant = loaded.sign_in("accountant")
    page = accountant.sees(register(accountant), "信息公开已登记", "已公开", LINK, "王某某")
    assert f'href="{LINK}" target="_blank" rel="noopener noreferrer"' in page
    accountant.sees(register(accountant), "已经登记", status=409)
    loaded.check_everything()


def test_a_publication_is_registered_with_a_photo_of_the_board(loaded: Desk):
    clerk = loaded.sign_in("redcross-clerk")
    clerk.sees(register(clerk, link="", shots=[(SCREENSHOT, "公示栏.png")]), "信息公开已登记", "公示栏.png")
    loaded.check_everything()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"what": ""}, "请填写“公开事项”"),
        ({"what": "monthly"}, "请从列表里选择"),
        ({"what": "../2026-03"}, "请从列表里选择"),
        ({"done_on": ""}, "请填写“公开日期”"),
        ({"done_on": "2026-04-03"}, "不能晚于今天"),
        ({"done_on": "2026-03-01"}, "不能早于 2026-03-31"),
        ({"link": ""}, "请填写公开页面的网址"),
        ({"link": "javascript:alert(1)"}, "网址请从浏览器地址栏"),
        ({"link": "", "shots": [(b"", "a.png")]}, "空文件"),
    ],
)
def test_a_bad_registration_is_refused(loaded: Desk, changes: dict[str, object], sentence: str):
    recorder = loaded.sign_in("recorder")
    with loaded.nothing_stored():
        page = recorder.sees(register(recorder, **changes), sentence, "2026年3月 信息公开", status=400)
    assert 'href="javascript' not in page


def test_a_bad_month_in_the_address_is_an_error_and_one_in_a_form_is_the_newest(loaded: Desk):
    recorder = loaded.sign_in("recorder")
    assert recorder.get("/disclosures/?month=2026-13").status_code == 400
    recorder.sees(register(recorder, month="<b>", link=""), "请填写公开页面的网址", status=400)


# ---- the working calendar --------------------------------------------------------------------------------


def test_a_packaged_year_is_loaded_with_one_press_and_shown_as_twelve_months(desk: Desk):
    secadmin = desk.sign_in("secadmin")
    secadmin.sees(secadmin.get("/"), "1 个年度的工作日历还没有载入")
    secadmin.sees(
        secadmin.get("/calendar/"),
        "2026 年的工作日历还没有载入",
        "程序自带 2026 年的日历",
        "国办发明电〔2025〕7号",
    )
    page = secadmin.sees(secadmin.post("/calendar/packaged", year="2026"), "2026 年的工作日历已载入")
    assert page.count("<caption>2026年") == 12
    assert '<td class="day-off"><time datetime="2026-04-06">6</time><small>休</small></td>' in page
    assert '<td class="day-worked"><time datetime="2026-05-09">9</time><small>班</small></td>' in page
    assert '<td class="day-free"><time datetime="2026-04-04">4</time></td>' in page
    assert '<td class="day-work day-today"><time datetime="2026-04-02">2</time></td>' in page
    assert "2026年4月 <small>21 个工作日</small>" in page
    assert "程序自带 2026 年" not in page
    assert "程序自带 2025 年" in page
    assert "个年度的工作日历" not in secadmin.get("/").get_data(as_text=True)
    assert secadmin.post("/calendar/packaged", year="2026").status_code == 409
    assert secadmin.post("/calendar/packaged", year="2031").status_code == 404
    assert secadmin.post("/calendar/packaged", year="x").status_code == 400
    desk.check_everything()


DAYS = "2027-01-01,休\n2027-05-01~2027-05-05,休\n2027-10-01~2027-10-07,休\n2027-05-08,班"


def test_another_year_is_pasted_or_uploaded(desk: Desk):
    secadmin = desk.sign_in("secadmin")
    done = secadmin.post("/calendar/", year="2027", region="", source="示例通知", days=DAYS)
    page = secadmin.sees(done, "2027 年的工作日历已载入", "示例通知", "全国")
    assert '<td class="day-worked"><time datetime="2027-05-08">8</time>' in page
    region = secadmin.post(
        "/calendar/",
        year="2027",
        region="示例自治区",
        source="古尔邦节放假",
        file=("2027-05-17,休".encode(), "a.csv"),
    )
    page = secadmin.sees(
        region, "示例自治区", "古尔邦节放假", '<td class="day-off"><time datetime="2027-05-17">'
    )
    desk.check_everything()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"year": ""}, ("年份请写成 2020 到 2099",)),
        ({"year": "27"}, ("年份请写成 2020 到 2099",)),
        ({"source": ""}, ("请填写“依据（通知名称和文号）”",)),
        ({"days": ""}, ("请粘贴日子，或上传文件",)),
        ({"file": (DAYS.encode(), "a.csv")}, ("请只用一种方式",)),
        (
            {"days": DAYS + "\n2027-02-30,休\n昨天"},
            ("有 2 处不对", '<td class="num">5</td>', '<td class="num">6</td>', "“2027-02-30”不是日期"),
        ),
        ({"days": "", "file": (b"\x81\xff\xfe\xff", "a.csv")}, ("编码",)),
        ({"days": "", "file": (b"a" * 70_000, "a.csv")}, ("最多 64 KB",)),
        ({"region": "区" * 121}, ("最多 120 个字",)),
    ],
)
def test_a_bad_year_is_refused_with_every_line(
    desk: Desk, changes: dict[str, object], words: tuple[str, ...]
):
    secadmin = desk.sign_in("secadmin")
    given = {"year": "2027", "region": "", "source": "示例通知", "days": DAYS} | changes
    with desk.nothing_stored():
        secadmin.sees(secadmin.post("/calendar/", **given), *words, status=400)


@pytest.mark.parametrize("login", ["viewer", "recorder", "discipline"])
def test_others_look_at_the_calendar_and_may_not_change_it(desk: Desk, login: str):
    person = desk.sign_in(login)
    person.sees(person.get("/calendar/?year=2026"), "由安全管理员办理")
    for path in ("/calendar/", "/calendar/packaged", "/calendar/terms"):
        assert person.post(path, year="2026").status_code == 403


@pytest.mark.parametrize("year", ["", "abcd", "20260", "²⁰²⁶", "-1", "2025"])
def test_a_year_that_is_not_loaded_shows_one_that_is(loaded: Desk, year: str):
    page = loaded.sign_in("viewer").get(f"/calendar/?year={year}")
    assert page.status_code == 200
    assert "2026年12月" in page.get_data(as_text=True)


def test_the_terms_are_changed_with_a_reason(loaded: Desk):
    secadmin = loaded.sign_in("secadmin")
    secadmin.sees(
        secadmin.post("/calendar/terms", term="handover", value="5", reason="县里决定"), "期限已更改"
    )
    secadmin.sees(
        secadmin.post("/calendar/terms", term="disclosure", value="10", reason="县里决定"), "期限已更改"
    )
    viewer = loaded.sign_in("viewer")
    viewer.sees(viewer.get("/handover/"), "5 个工作日内上缴", "2026年4月8日")
    viewer.sees(viewer.get("/disclosures/?month=2026-03"), "2026年4月10日", "次月 10 日")
    for bad in ({"value": "0"}, {"value": "31"}, {"value": "x"}, {"reason": ""}, {"term": "other"}):
        given = {"term": "handover", "value": "5", "reason": "x"} | bad
        assert secadmin.post("/calendar/terms", **given).status_code == 400
    loaded.check_everything()
