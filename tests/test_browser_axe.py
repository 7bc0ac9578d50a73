"""Every kind of page, in both languages and at both widths: no serious fault of access, nothing wider than a phone."""

from __future__ import annotations

import pytest

from tests.live import LAPTOP, PHONE, Site, faults, overflow
from tests.test_browser_month import running  # noqa: F401 - the fixture

PAGES: dict[str, tuple[str, ...]] = {
    "recorder": (
        "/demo/",
        "/demo/broadcasts/",
        "/demo/broadcasts/new",
        "/demo/broadcasts/2026-0004",
        "/demo/broadcasts/2026-0004/declare",
        "/demo/imports/",
        "/demo/drafts/",
        "/demo/drafts/new?type=TIP",
        "/demo/accounts/",
        "/demo/opening/",
        "/me",
    ),
    "accountant": (
        "/demo/drafts/new",
        "/demo/drafts/new?type=SPEND",
        "/demo/drafts/correct/61?how=amount",
        "/demo/reconcile/",
        "/demo/reconcile/1002.01/2026-03",
        "/demo/reconcile/statements/",
        "/demo/handover/",
        "/demo/exceptions/",
        "/demo/disclosures/",
        "/demo/calendar/",
        "/demo/books/",
        "/demo/books/account/?month=2026-03&code=1002.01",
    ),
    "redcross-clerk": (
        "/demo/registers/",
        "/demo/registers/resolutions",
        "/demo/registers/receipts",
        "/demo/registers/goods",
        "/demo/registers/events",
        "/demo/registers/chart",
        "/demo/activities/",
        "/demo/activities/new",
        "/demo/activities/H-2026-001",
        "/demo/evidence/68/",
    ),
    "charity": (
        "/demo/month/2026-03/",
        "/demo/entries/",
        "/demo/entries/61/",
        "/demo/signing/",
        "/demo/signing/?tab=done",
        "/demo/signing/queries",
        "/demo/log/",
    ),
    "secadmin": ("/demo/", "/demo/people/"),
    "sysadmin": ("/demo/people/",),
    "auditadmin": ("/demo/log/",),
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("user", PAGES)
def test_axe_finds_no_serious_fault_and_no_page_is_wider_than_a_phone(
    running: Site,  # noqa: F811 - the fixture
    user: str,
    language: str,
):
    found = []
    with running.at_desk(user, language=language) as page:
        for path in PAGES[user]:
            answer = page.goto(running.url + path)
            assert answer is not None
            assert answer.ok, f"{path}: {answer.status}"
            found += [f"{path}: {fault}" for fault in faults(page)]
            page.set_viewport_size(PHONE)
            if overflow(page) > 0:
                found.append(f"{path}: {overflow(page)} px wider than a phone")
            found += [f"{path} on a phone: {fault}" for fault in faults(page)]
            page.set_viewport_size(LAPTOP)
    assert found == []
