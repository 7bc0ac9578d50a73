"""The page of exceptions: the most serious first, with why and where, and the answer that is bound to what was shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from ledger import cli
from ledger.book import drafts, findings, roster
from ledger.book.compose import NewEntry, compose
from ledger.book.findings import Item
from ledger.months import Month
from tests import web_demo
from tests.books import check_everything
from tests.web_demo import NOW, Built, Desk, Office, shown

MARCH = Month(2026, 3)
PAGE = "/demo/exceptions/"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return web_demo.build(tmp_path_factory.getbasetemp() / "web-demo")


@pytest.fixture
def office(built: Built, tmp_path: Path) -> Iterator[Office]:
    made = web_demo.copy(built, tmp_path)
    yield made
    check_everything(made.store)
    made.store.engine.dispose()


def today(office: Office) -> tuple[Item, ...]:
    with office.store.reading() as session:
        return findings.today(session, "demo", NOW.date())


def one(office: Office, rule: str) -> Item:
    return next(item for item in today(office) if item.rule.code == rule)


def settle(desk: Desk, item: Item, **changes: str):
    form = {
        "rule": item.rule.code,
        "subject": item.found.subject,
        "facts": item.digest,
        "month": str(item.month),
        "outcome": "explained",
        "text": "已联系汇款人。",
        **changes,
    }
    return desk.post(PAGE + "settle", form)


def sections(page: str) -> list[str]:
    """Return the words of each finding, in the order of the page."""
    found = re.findall(r'<article class="card finding.*?</article>', page, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", part)).split()) for part in found]


def test_the_page_says_every_finding_the_most_serious_first(office: Office) -> None:
    items, page = today(office), office.desk("discipline").get(PAGE)
    assert page.status_code == 200
    parts = sections(page.text)
    assert len(parts) == len(items) > 3
    for item, words in zip(items, parts, strict=True):
        assert item.rule.name in words
        assert item.rule.source in words
        assert item.found.where in words
        assert item.found.message.format(**dict(item.found.values)) in words
    order = [("重要", "一般", "提示").index(words.split()[0]) for words in parts]
    assert order == sorted(order)


def test_a_finding_leads_to_the_voucher_the_evidence_and_the_record(office: Office) -> None:
    item = one(office, "minor-refund")
    page = office.desk("discipline").get(PAGE).text
    assert f'href="/demo/{item.found.link}"' in page
    assert f'href="/demo/log/{item.found.records[0]}/"' in page
    assert "/preview" in page
    for link in re.findall(
        r'href="(/demo/[^"]+)"', "".join(re.findall(r"<article.*?</article>", page, re.DOTALL))
    ):
        assert office.desk("discipline").get(link).status_code == 200, link


def test_the_filters_stay_in_the_address(office: Office) -> None:
    desk = office.desk("discipline")
    low = sections(desk.get(PAGE + "?severity=low").text)
    assert low
    assert all(words.startswith("提示") for words in low)
    assert len(sections(desk.get(PAGE + "?month=2026-03").text)) == len(today(office))
    assert not sections(desk.get(PAGE + "?state=settled").text)
    assert len(sections(desk.get(PAGE + "?state=open&severity=low").text)) == len(low)
    for bad in ("?month=2026-13", "?month=x"):
        assert desk.get(PAGE + bad).status_code == 400


def test_an_answer_is_recorded_and_shown_below_with_name_and_time(office: Office) -> None:
    item = one(office, "suspense")
    answer = settle(office.desk("cashier"), item)
    assert answer.status_code == 302
    words = next(part for part in sections(office.desk("discipline").get(PAGE).text) if "来源不明" in part)
    assert "已说明" in words
    assert "赵某某" in words
    assert "已联系汇款人。" in words
    assert "2026-04-02 09:00" in words
    assert not one(office, "suspense").open
    assert len(sections(office.desk("discipline").get(PAGE + "?state=settled").text)) == 1
    open_ones = sections(office.desk("discipline").get(PAGE + "?state=open").text)
    assert len(open_ones) == len(today(office)) - 1


def test_an_answer_to_other_facts_is_a_conflict_and_keeps_what_was_typed(office: Office) -> None:
    answer = settle(office.desk("cashier"), one(office, "suspense"), facts="0" * 64, text="这一句还在")
    assert answer.status_code == 409
    assert "事实在您查看之后变了" in shown(answer)
    assert "这一句还在" in answer.text
    assert one(office, "suspense").open


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"text": ""}, 400),
        ({"text": "长" * 1001}, 400),
        ({"outcome": "ignored"}, 400),
        ({"month": "2026-3"}, 400),
        ({"rule": "no-such-rule"}, 404),
        ({"subject": "nothing"}, 404),
    ],
)
def test_a_bad_answer_is_refused_with_a_sentence(
    office: Office, changes: dict[str, str], status: int
) -> None:
    answer = settle(office.desk("cashier"), one(office, "suspense"), **changes)
    assert answer.status_code == status
    assert one(office, "suspense").open


def test_who_may_not_explain_sees_everything_and_no_form(office: Office) -> None:
    page = office.desk("discipline").get(PAGE).text
    assert 'name="outcome"' not in page
    assert "由运营单位或慈善机构经办说明" in page
    assert settle(office.desk("discipline"), one(office, "suspense")).status_code == 403
    assert office.desk("sysadmin").get(PAGE).status_code == 403
    assert office.app.test_client().get(PAGE).status_code == 302


def test_nobody_answers_a_finding_about_himself(office: Office) -> None:
    login = office.built.logins["recorder"]
    with office.store.transaction("demo") as session:
        twin = next(m for m in roster.members(session, "demo") if m.role == "recorder")
        security = next(m for m in roster.members(session, "demo") if m.role == "secadmin")
        roster.join(
            session,
            roster.actor(session, "demo", security.person),
            person="p-twin",
            name=twin.name,
            party="operator",
            role="viewer",
            post="",
            at=NOW,
        )
    item = one(office, "same-name")
    page = office.desk(login.user).get(PAGE).text
    assert "这条异常与您本人有关" in page
    assert settle(office.desk("recorder"), item).status_code == 403
    assert settle(office.desk("cashier"), one(office, "same-name")).status_code == 302


def unusual_draft(office: Office) -> drafts.Draft:
    """Draft a commission with half of it as the fee."""
    with office.store.transaction("demo") as session:
        person = next(m.person for m in roster.members(session, "demo") if m.role == "accountant")
        actor = roster.actor(session, "demo", person)
        new = NewEntry("COMMISSION", NOW.date(), {"total": 10_000, "fee": 5_000}, "佣金")
        payload = {"entries": [compose(session, actor, new, at=NOW)]}
        return drafts.prepare(session, actor, kind="manual", payload=payload, at=NOW)


def test_a_draft_with_a_warning_is_posted_only_with_a_reason(office: Office) -> None:
    made, desk = unusual_draft(office), office.desk("checker")
    address = f"/demo/drafts/{made.draft}"
    words = shown(desk.get(address))
    assert "请留意 1 处" in words
    assert "技术服务费占佣金的 50.0%，通常是 10.0%。" in words
    refused = desk.post(f"{address}/post", {"digest": made.digest, "reason": ""})
    assert refused.status_code == 400
    assert "有 1 处提示" in shown(refused)
    posted = desk.post(f"{address}/post", {"digest": made.digest, "reason": "平台单独收费。"})
    assert posted.status_code == 302
    assert "平台单独收费。" in one(office, "overridden").found.message.format(
        **dict(one(office, "overridden").found.values)
    )
    assert "请留意" not in shown(desk.get(address))


def test_the_command_line_takes_the_reason(office: Office, monkeypatch, capsys, tmp_path: Path) -> None:
    made = unusual_draft(office)
    monkeypatch.setenv("SUNBOOK_DATA_DIR", str(tmp_path / "instance"))
    monkeypatch.setenv("SUNBOOK_DATABASE_URL", office.store.engine.url.render_as_string())
    words = ["post", made.draft, "--book", "demo", "--as", "checker"]
    assert cli.main(words) == 1
    assert "处提示" in capsys.readouterr().err
    assert cli.main([*words, "--reason", "平台单独收费。"]) == 0


def test_the_page_of_a_month_that_holds_nothing_says_so(office: Office) -> None:
    words = shown(office.desk("discipline").get(PAGE + "?severity=low&state=settled"))
    assert "已处理" in words
    assert "来源不明" not in words


def test_the_page_speaks_english(office: Office) -> None:
    desk = office.desk("discipline")
    desk.post("/language/en", {"next": PAGE})
    assert desk.get(PAGE).status_code == 200
