"""A forger at the close and at the reconciliation: sums and matches that the log itself contradicts."""

from __future__ import annotations

import pytest

from tests.test_store_forgery import Records, _remembered, find, full, verified_after  # noqa: F401 - fixtures


def balance_after_close(records: Records) -> None:
    find(records, "month.closed")["body"]["balances"][0]["fen"] += 1


def year_to_date(records: Records) -> None:
    find(records, "month.closed")["body"]["year"][0]["debit_fen"] += 1


def since_the_beginning(records: Records) -> None:
    find(records, "month.closed")["body"]["total"][0]["credit_fen"] += 1


def closed_by_one_person(records: Records) -> None:
    closed = find(records, "month.closed")
    closed["body"]["drafter"] = closed["by"]


def voucher_not_named(records: Records) -> None:
    find(records, "month.closed")["body"]["vouchers"].pop()


def another_month_closed(records: Records) -> None:
    find(records, "month.closed")["body"]["period"] = "2026-04"


def no_sum_left_out(records: Records) -> None:
    find(records, "month.closed")["body"]["balances"].pop()


def match_that_does_not_add_up(records: Records) -> None:
    body = find(records, "lines.matched")["body"]
    del body["reason"]
    body["book"][0]["fen"] += 1


def line_matched_twice(records: Records) -> None:
    body = find(records, "lines.matched")["body"]
    body["book"].append(dict(body["book"][0]))


def match_undone_that_never_stood(records: Records) -> None:
    find(records, "match.undone")["body"]["match"] = 3


FORGERIES = {
    balance_after_close: "月结）与此前的凭证不符",
    year_to_date: "月结）与此前的凭证不符",
    since_the_beginning: "月结）与此前的凭证不符",
    closed_by_one_person: "月结）与此前的凭证不符",
    voucher_not_named: "月结）与此前的凭证不符",
    another_month_closed: "月结）与此前的凭证不符",
    no_sum_left_out: "月结）与此前的凭证不符",
    match_that_does_not_add_up: "勾对的两边金额不等",
    line_matched_twice: "有一笔被勾对了两次",
    match_undone_that_never_stood: "撤销的勾对不存在",
}


@pytest.mark.parametrize("change", FORGERIES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("full", ["sqlite"], indirect=True)
def test_a_forged_close_or_match_with_everything_recomputed_is_found(full, change):  # noqa: F811 - the fixture
    texts = [finding.text() for finding in verified_after(full, change).broken]
    assert any(FORGERIES[change] in text for text in texts), texts
