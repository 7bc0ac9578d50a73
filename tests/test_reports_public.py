"""The public version: the same figures, and nothing personal in any file made of it."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pypdf
import pytest

from ledger.months import Month
from ledger.statement import MonthlyStatement
from ledger.words import Text
from reports import cumulative, excel, naming, pdf, public, public_rules, tables_proof
from reports.digest import canonical, statement_digest
from reports.public import masked
from reports.public_rules import LEFT_OUT, RULES, Known
from reports.wording import Wording
from tests.sample_statement import sample
from tests.test_reports_excel import formulas, opened, recalculated
from tests.test_reports_pdf import page_count, text

DIGEST = "ab" * 32
MARK = re.compile(r"密\d{4}")
HOST = "甲密9999"
"""The streamer of the planted statement; notes speak of this person."""

PUBLIC_FIELDS = {
    "MonthlyStatement": "number log_root public_url audience internal_digest missing_numbers",
    "BookFacts": "code origin",
    "StatementLine": "group code",
    "Metric": "name unit handle",
    "BroadcastLine": "number accounts vouchers unit_name",
    "GrantLine": "voucher",
    "SpendingLine": "voucher",
    "PendingItem": "label account",
    "Correction": "original reversing correcting",
    "RefundLine": "voucher broadcast",
    "ExceptionLine": "message",
    "TrialLine": "code",
    "Check": "label expected_label terms",
    "VoucherLine": "number broadcast decisions state digest",
    "SignerLine": "method key",
    "PartyLine": "party statement",
    "AttachmentLine": "voucher digest",
    "ThreeWayLine": "group label state",
    "OpenLine": "side state",
    "BankReconciliation": "code",
    "TieOutLine": "broadcast state",
    "AgreementLine": "number broadcasts late",
    "ReceiptLine": "voucher code number",
    "ActivityLine": "number vouchers",
    "GoodsLine": "broadcast",
    "CostLine": "broadcast what bearer",
    "Finding": "rule name severity message outcome",
    "DisclosureLine": "name rule link state",
    "ClosingVoucher": "number lines",
    "Close": "position",
    "CumulativeLine": "group",
    "Cumulative": "first_month",
}
"""Texts that hold no word of a person by their nature: numbers, codes, handles, messages of the catalogue,
what was signed. Every other text of a statement may be private; it is planted with a mark below."""

NOTES = {
    "BroadcastLine": "title department explanation",
    "ProductLine": "product",
    "GrantLine": "purpose reference",
    "SpendingLine": "activity place",
    "Correction": "reason",
    "SignerLine": "post",
    "ThreeWayLine": "detail note",
    "OpenLine": "note",
    "TieOutLine": "note",
    "AgreementLine": "scope",
    "ActivityLine": "title place who goods intent",
    "GoodsLine": "goods",
    "CostLine": "detail",
    "Finding": "said",
    "DisclosureLine": "subject",
    "ClosingVoucher": "summary",
    "Close": "checklist",
    "CumulativeLine": "label",
}
"""What the office writes: it stays unless it speaks of a person, so it is planted with the streamer's name."""


def listed(fields: dict[str, str], value: object, name: str) -> bool:
    return name in fields.get(type(value).__name__, "").split()


def planted(value: Any, marks: Iterator[int], *, how: str = "mark") -> Any:
    """Return a value with a mark in every text that may be private."""
    if isinstance(value, str):
        if how == "keep" or not value:
            return value
        return f"与{HOST}有关" if how == "note" else f"乙密{next(marks):04d}"
    if isinstance(value, tuple):
        if how == "mark" and len(value) == 2 and all(isinstance(part, str) for part in value):
            return value[0], planted(value[1], marks)
        return tuple(planted(part, marks, how=how) for part in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, Text | Month | type):
        fields = {}
        for field in dataclasses.fields(value):
            public_field = listed(PUBLIC_FIELDS, value, field.name)
            kind = "keep" if public_field else "note" if listed(NOTES, value, field.name) else "mark"
            fields[field.name] = planted(getattr(value, field.name), marks, how=kind)
        return replace(value, **fields)
    return value


@pytest.fixture(scope="module")
def everything() -> MonthlyStatement:
    """The sample with a mark in every text that may be private; the first streamer bears the notes' name."""
    made: MonthlyStatement = planted(sample(), count(1))
    first, *rest = made.broadcasts
    return replace(made, broadcasts=(replace(first, host=HOST), *rest))


def told_by(statement: MonthlyStatement) -> Iterator[tuple[str, str]]:
    """Yield (file, all its text without line breaks) of every file that is made of a statement."""
    for language in ("zh", "en"):
        for name, data in (
            ("pdf", pdf.render(statement, language=language)),
            ("final", pdf.render(statement, language=language, draft=False)),
            ("cumulative", cumulative.render(statement, language)),
        ):
            facts = pypdf.PdfReader(io.BytesIO(data)).metadata
            yield f"{name}.{language}", re.sub(r"\s", "", text(data, layout=False)) + str(facts)
        with zipfile.ZipFile(io.BytesIO(excel.render(statement, language=language))) as book:
            yield f"xlsx.{language}", "".join(book.read(part).decode() for part in book.namelist())


def test_no_private_word_is_in_any_file_of_the_public_version(everything: MonthlyStatement) -> None:
    seen = masked(everything, DIGEST)
    assert MARK.findall(canonical(seen).decode()) == []
    for name, told in told_by(seen):
        assert MARK.findall(told) == [], name


def test_the_internal_version_has_the_marks_that_the_public_one_must_not_have(
    everything: MonthlyStatement,
) -> None:
    assert len(set(MARK.findall(canonical(everything).decode()))) > 100
    for name, told in told_by(everything):
        assert len(set(MARK.findall(told))) > (50 if not name.startswith("cumulative") else 0), name


def classes(hint: Any, found: set[type]) -> set[type]:
    """Return the classes of the statement's sections, read from the types of their fields."""
    for part in (hint, *get_args(hint)):
        if dataclasses.is_dataclass(part) and isinstance(part, type) and part not in found:
            found.add(part)
            for inner in get_type_hints(part).values():
                classes(inner, found)
        elif part is not hint:
            classes(part, found)
    return found


def texts(hint: Any) -> bool:
    return hint is str or any(texts(part) for part in get_args(hint))


def test_every_text_of_a_statement_has_a_rule_and_no_rule_is_for_a_text_that_is_not_there() -> None:
    wanted = {
        (cls.__name__, name)
        for cls in classes(MonthlyStatement, set()) - {Text, Month}
        for name, hint in get_type_hints(cls).items()
        if texts(hint)
    }
    assert wanted == set(RULES)


def test_a_text_that_somebody_adds_without_a_rule_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(RULES, ("BroadcastLine", "department"))
    assert {line.department for line in masked(sample(), DIGEST).broadcasts} == {""}


def figures(value: object) -> list[int]:
    if isinstance(value, bool | str) or value is None:
        return []
    if isinstance(value, int):
        return [value]
    if isinstance(value, tuple):
        return [number for part in value for number in figures(part)]
    if dataclasses.is_dataclass(value):
        return [n for field in dataclasses.fields(value) for n in figures(getattr(value, field.name))]
    return []


def test_every_figure_is_that_of_the_internal_version(everything: MonthlyStatement) -> None:
    assert len(figures(sample())) > 500
    assert figures(masked(sample(), DIGEST)) == figures(sample())
    assert figures(masked(everything, DIGEST)) == figures(sample())


def test_figures_dates_and_findings_are_printed_in_the_public_version_too() -> None:
    told = text(pdf.render(masked(sample(), DIGEST), draft=False))
    for shown in ("34,143.76", "21,229.60", "-300.00", "2026-0004", "记-0017", "slxgyzb", "示例县红十字会"):
        assert shown in told, shown
    assert "场次 2026-0002 申报与结算相差 35.00" in told


def test_every_check_cell_of_the_public_workbook_comes_to_zero_too(tmp_path: Path) -> None:
    data = excel.render(masked(sample(), DIGEST))
    places = formulas(opened(data))
    counted = recalculated(data, tmp_path)
    assert len(places) > 80
    assert {counted[sheet][cell].value for sheet, cell in places} == {0}
    cover = "".join(str(cell.value) for row in counted["封面"].iter_rows() for cell in row)
    assert DIGEST in cover
    assert "公开版（脱敏）" in cover


def test_names_keep_their_first_character_only() -> None:
    seen = masked(sample(), DIGEST)
    assert {line.host for line in seen.broadcasts} == {"张**", "李**"}
    assert [signer.name for party in seen.parties for signer in party.signers] == ["王**", "赵**", "陈**"]
    assert [line.payee for line in seen.spending] == ["某**", "受**"]
    assert seen.close
    assert (seen.close.drafter, seen.close.confirmer) == ("李**", "周**")
    assert seen.pending[2].charge == Text("示例县红十字会", "Shili County Red Cross")


@pytest.mark.parametrize(
    "private",
    [
        "张某某次日补录", "李某来电更正", "转自 13800138000", "138 0013 8000", "卡号尾号 1234", "昵称：春风", "王先生退款",
        "已由周末登记",
    ],
)  # fmt: skip
def test_a_note_that_speaks_of_a_person_is_left_out(private: str) -> None:
    first, *rest = sample().broadcasts
    statement = replace(sample(), broadcasts=(replace(first, explanation=private), *rest))
    seen = masked(statement, DIGEST, names=frozenset({"周末"}))
    assert seen.broadcasts[0].explanation == LEFT_OUT


@pytest.mark.parametrize("harmless", ["平台次日补计 35.00 元", "2026-03-31 系统维护 1,234,567.89 元", ""])
def test_a_note_about_a_difference_stays(harmless: str) -> None:
    first, *rest = sample().broadcasts
    statement = replace(sample(), broadcasts=(replace(first, explanation=harmless), *rest))
    assert masked(statement, DIGEST).broadcasts[0].explanation == harmless


def test_a_file_is_known_by_its_kind_its_voucher_and_its_digest_only() -> None:
    first = sample().attachments[0]
    names = ("李某身份证.JPG", "a.pdf", "流水.xlsx", "录音.m4a", "决议.docx", "无名", "")
    files = tuple(replace(first, name=name) for name in names)
    seen = masked(replace(sample(), attachments=files), DIGEST)
    assert [line.name for line in seen.attachments] == [
        "图片", "PDF 文件", "表格", "音视频", "文书", "其他文件", "其他文件",
    ]  # fmt: skip
    assert {(line.voucher, line.digest) for line in seen.attachments} == {(first.voucher, first.digest)}
    assert "Picture" in text(pdf.render(seen, language="en"))


def test_a_value_of_a_finding_stays_where_it_is_a_figure_or_a_public_number() -> None:
    known = Known(frozenset({"张某某"}), frozenset({"2026-0001", "slxgyzb"}))
    shown = [
        public_rules.value(one, known)
        for one in (
            "2026-0001",
            "slxgyzb",
            "35.00",
            "2026-03-31 20:00",
            "张某某",
            "李四",
            "流水-李四.csv",
            "",
        )
    ]
    assert shown == ["2026-0001", "slxgyzb", "35.00", "2026-03-31 20:00", "张**", LEFT_OUT, LEFT_OUT, ""]


def test_shops_and_institutions_keep_their_names_and_a_persons_shop_does_not() -> None:
    known = Known(frozenset({"李四"}), frozenset({"志愿者"}))
    names = ("示例县粉条厂", "志愿者", "李四", "李四的店", "扎西多杰卓玛", "")
    assert [public_rules.organisation(name, known) for name in names] == [
        "示例县粉条厂", "志愿者", "李**", "李**", "扎**", "",
    ]  # fmt: skip


def test_the_public_version_has_its_own_digest_and_its_cover_names_the_internal_one() -> None:
    internal = statement_digest(sample())
    seen = masked(sample(), internal)
    assert statement_digest(seen) != internal
    data = pdf.render(seen, draft=False)
    cover = text(data, page=1)
    assert internal in cover
    assert statement_digest(seen) in cover
    assert "公开版（脱敏）" in cover
    for page in range(1, page_count(data) + 1):
        assert "公开版（脱敏）" in text(data, page=page)
    assert internal not in text(pdf.render(seen, draft=False), page=2)
    assert "内部版摘要" not in text(pdf.render(sample()), page=1)


def test_the_public_version_has_no_place_to_sign_and_says_where_the_signatures_are() -> None:
    told = text(pdf.render(masked(sample(), DIGEST), draft=False))
    assert "公开版不签署" in told
    assert "公章处" not in told
    assert "签名：" not in told
    assert "公章处" in text(pdf.render(sample(), draft=False))


def test_the_list_of_vouchers_has_no_column_of_descriptions_in_the_public_version() -> None:
    labels = [
        [column.label for column in tables_proof.vouchers(statement, Wording("zh")).columns]
        for statement in (sample(), masked(sample(), DIGEST))
    ]
    assert "摘要" in labels[0]
    assert labels[1] == [label for label in labels[0] if label != "摘要"]


def test_a_public_version_is_made_of_an_internal_one_and_its_digest() -> None:
    for statement, digest in ((masked(sample(), DIGEST), DIGEST), (sample(), "")):
        with pytest.raises(ValueError, match="internal statement"):
            masked(statement, digest)


def test_the_name_of_a_file_says_which_edition_it_is() -> None:
    seen = masked(sample(), DIGEST)
    assert (
        naming.file_name(seen, "zh", "pdf", draft=False) == "示例县公益直播专账-收支月报-2026-03-公开版.pdf"
    )
    assert (
        naming.file_name(sample(), "zh", "xlsx", draft=True)
        == "示例县公益直播专账-收支月报-2026-03-草稿.xlsx"
    )
    assert naming.file_name(seen, "en", "pdf", draft=True, kind="cumulative").endswith(
        "account-cumulative-2026-03-public-draft.pdf"
    )


def test_a_name_of_one_character_hides_no_other_text() -> None:
    first, *rest = sample().broadcasts
    statement = replace(sample(), broadcasts=(replace(first, host="平"), *rest))
    assert masked(statement, DIGEST).broadcasts[1].explanation.startswith("平台次日补计")
    assert public.NAME_LEAST == 2


def test_the_edition_is_named_in_english_too() -> None:
    assert naming.edition(masked(sample(), DIGEST), Wording("en")) == "public edition (masked)"
