"""Every Chinese message has its English, with the same placeholders, in the catalogue that is shipped."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import jinja2
import pytest
from jinja2 import nodes

from ledger import words as shown
from tools import words

ROOT = Path(__file__).resolve().parents[1]
CURE = "run `make words`, then translate what it lists in"
CHINESE = re.compile(r"[\u3400-\u9fff]+")
MARKS = {"_", "gettext", "ngettext", "translate"}
OWN_NAMES = {"中文", "晒账本"}
"""Words that stand as they are in every language: a language's own name and ours."""


def missing(root: Path) -> list[str]:
    """Return the messages in the source that the catalogue lacks, leaves empty or calls fuzzy."""
    catalogue = words.load(root)
    blank = set(words.untranslated(catalogue))
    return [str(one) for one in words.extract(root) if one not in catalogue or one in blank]


def crooked(root: Path) -> list[str]:
    """Return the entries whose placeholders differ; the singular may leave its number out."""
    found = []
    for entry in words.load(root):
        *singular, plural = (placeholders(form) for form in words.forms(entry.string))
        wanted = placeholders(words.forms(entry.id)[-1])
        if (
            entry.id
            and any(words.forms(entry.string))
            and (plural != wanted or any(one - wanted for one in singular))
        ):
            found.append(f"{entry.id} → {entry.string}")
    return found


def placeholders(text: str) -> set[str]:
    """Return the places for values: `{name}` as str.format reads it and `%(name)s`."""
    braces = {f"{{{name}}}" for _, name, _, _ in Formatter().parse(text) if name is not None}
    return braces | set(re.findall(r"%\(\w+\)\w", text))


def unmarked(root: Path) -> list[str]:
    """Return Chinese text in templates that no catalogue can reach: outside `_()` and `{% trans %}`."""
    reader = jinja2.Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"])  # noqa: S701 - it only parses
    return [
        f"{file.relative_to(root)}:{line}: {text.strip()}"
        for file in sorted((root / "templates").rglob("*.html"))
        for line, text in loose(reader.parse(file.read_text("utf-8")))
        if set(CHINESE.findall(text)) - OWN_NAMES
    ]


def loose(node: nodes.Node) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of the literal text below a node, except what is handed to a translating call."""
    if isinstance(node, nodes.TemplateData):
        yield node.lineno, node.data
    elif isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.lineno, node.value
    marked = isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in MARKS
    for child in node.iter_child_nodes(exclude=("args",) if marked else ()):
        yield from loose(child)


def test_every_message_has_its_english():
    assert missing(ROOT) == [], f"{CURE} {words.CATALOGUE}"


def test_placeholders_are_the_same_in_both_languages():
    assert crooked(ROOT) == []


def test_templates_hold_no_text_that_cannot_be_translated():
    assert unmarked(ROOT) == []


def test_the_compiled_catalogue_is_made_from_the_readable_one():
    catalogue = words.load(ROOT)
    again = words.merge({entry.id: [] for entry in catalogue if entry.id}, catalogue, {})
    assert (ROOT / words.CATALOGUE).with_suffix(".mo").read_bytes() == words.mo_bytes(again)


def test_a_message_is_shown_in_english_and_an_unknown_one_stays_chinese():
    message = next(one for one in words.extract(ROOT) if isinstance(one, str))
    assert shown.translate(message, "en") == words.load(ROOT)[message].string != ""
    assert shown.translate(message, "zh") == message
    assert shown.translate("没有这一句", "en") == "没有这一句"


# ---- the same checks, over a tree with something wrong in it ---------------------------------------------


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small project with marked messages of each kind."""
    for folder in words.FOLDERS:
        (tmp_path / folder).mkdir()
    (tmp_path / "ledger" / "a.py").write_text(
        'raise Invalid(N_("第 {row} 行"\n "不对。"), row=1)\nprint(translate("甲", "en"))\n', "utf-8"
    )
    (tmp_path / "reports" / "b.py").write_text('title = _("月报")\n', "utf-8")
    (tmp_path / "templates" / "c.html").write_text(
        '{# 注 #}<a title="{{ _("查看 {name}", name="x") }}">'
        "{% trans n=n %}一笔{% pluralize %}{{ n }} 笔{% endtrans %}</a>"
        '{{ "中文" }} 晒账本',
        "utf-8",
    )
    (tmp_path / "config.py").write_text('raise Invalid(N_("太短"))\n', "utf-8")
    return tmp_path


ENGLISH = {
    "第 {row} 行不对。": "Row {row} is wrong.",
    "甲": "A",
    "月报": "Monthly report",
    "查看 {name}": "See {name}",
    "太短": "Too short",
}
PLURAL = ("一笔", "%(n)s 笔")


def write(tree: Path, given: dict[str, str], plural: tuple[str, str] = ("one", "%(n)s entries")) -> None:
    catalogue = words.merge(words.extract(tree), words.load(tree), given)
    catalogue[PLURAL].string = plural
    file = tree / words.CATALOGUE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(words.po_bytes(catalogue))


def test_every_kind_of_mark_is_found_with_its_file(tree: Path):
    assert words.extract(tree) == {
        "第 {row} 行不对。": ["ledger/a.py"],
        "甲": ["ledger/a.py"],
        "月报": ["reports/b.py"],
        "太短": ["config.py"],
        "查看 {name}": ["templates/c.html"],
        PLURAL: ["templates/c.html"],
    }


def test_a_complete_catalogue_passes(tree: Path):
    write(tree, ENGLISH)
    assert (missing(tree), crooked(tree), unmarked(tree)) == ([], [], [])


def test_a_message_without_english_is_named(tree: Path):
    assert set(missing(tree)) == {*ENGLISH, str(PLURAL)}
    write(tree, ENGLISH | {"甲": ""}, plural=("one", ""))
    assert missing(tree) == ["甲", str(PLURAL)]


def test_a_fuzzy_translation_counts_as_missing(tree: Path):
    write(tree, ENGLISH)
    file = tree / words.CATALOGUE
    file.write_text(file.read_text("utf-8").replace('msgid "甲"', '#, fuzzy\nmsgid "甲"'), "utf-8")
    assert missing(tree) == ["甲"]


@pytest.mark.parametrize(
    ("given", "plural"),
    [
        ({"查看 {name}": "See {nmae}"}, ("one", "%(n)s entries")),
        ({"查看 {name}": "See it"}, ("one", "%(n)s entries")),
        ({"甲": "A {row}"}, ("one", "%(n)s entries")),
        ({}, ("one", "entries")),
        ({}, ("one {x}", "%(n)s entries")),
    ],
)
def test_a_placeholder_that_differs_is_named(tree: Path, given: dict[str, str], plural: tuple[str, str]):
    write(tree, ENGLISH | given, plural)
    assert len(crooked(tree)) == 1


@pytest.mark.parametrize(
    "source", ["<p>查看</p>", '<a title="查看">', '{{ "查看" }}', '{{ f("查看") }}', "{{ _(x) ~ '查看' }}"]
)
def test_chinese_that_is_not_marked_is_named(tree: Path, source: str):
    (tree / "templates" / "d.html").write_text(f"\n{source}", "utf-8")
    found = unmarked(tree)
    assert len(found) == 1
    assert found[0].startswith("templates/d.html:")
    assert "查看" in found[0]


def test_a_list_of_translations_is_merged_and_a_crooked_line_is_refused(tmp_path: Path):
    file = tmp_path / "a.tsv"
    file.write_text("甲\tA\n\n乙\\n丙\tB\\nC\n", "utf-8")
    assert list(words.read_tsv(file)) == [("甲", "A"), ("乙\n丙", "B\nC")]
    file.write_text("甲\tA\n乙 B\n", "utf-8")
    with pytest.raises(SystemExit, match=r"a\.tsv:2: expected Chinese, a tab, English"):
        list(words.read_tsv(file))


def test_a_given_translation_wins_and_the_files_depend_on_the_messages_alone(tree: Path):
    write(tree, ENGLISH | {"甲": "old"})
    first = (tree / words.CATALOGUE).read_bytes()
    write(tree, {"甲": "new"})
    second = (tree / words.CATALOGUE).read_bytes()
    assert second == first.replace(b"old", b"new") != first
    write(tree, {})
    assert (tree / words.CATALOGUE).read_bytes() == second


def hidden(source: str) -> list[int]:
    """Return the lines where a message is marked inside an f-string: there the extraction does not see it."""
    return [
        call.lineno
        for text in ast.walk(ast.parse(source))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in ("N_", "_", "gettext")
        if call.args and isinstance(call.args[0], ast.Constant)
    ]


def test_no_message_is_marked_where_the_extraction_does_not_see_it():
    assert hidden("x = f\"{N_('零')} {n}\"") == [1]
    found = {
        str(file.relative_to(ROOT)): lines
        for folder in ("ledger", "reports")
        for file in (ROOT / folder).rglob("*.py")
        if (lines := hidden(file.read_text("utf-8")))
    }
    assert found == {}
