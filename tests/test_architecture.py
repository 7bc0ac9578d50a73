"""The shape of the code, kept as data and read from the source: who may import whom, how long a thing may be.

Each rule is a function from a source tree to a list of offences, each naming
its place. Every rule is run twice: over this tree, where it must find nothing,
and over a planted offender, which it must find.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

MODULE_LINES_MAX = 300
FUNCTION_LINES_MAX = 70

LAYERS = {
    "values": (
        "ledger",
        *(
            f"ledger.{name}"
            for name in (
                "words",
                "errors",
                "money",
                "months",
                "sections",
                "sections_books",
                "sections_welfare",
                "statement",
            )
        ),
    ),
    "proof": ("ledger.proof",),
    "intake": ("ledger.intake",),
    "store": ("ledger.store",),
    "book": ("ledger.book",),
    "reports": ("reports",),
    "config": ("config",),
    "web": ("ledger.web",),
    "demo": ("ledger.demo",),
    "cli": ("ledger.cli", "ledger.commands", "ledger.commands_books"),
    "wsgi": ("wsgi",),
}
"""Which modules make a layer: a name stands for itself and all below it, `ledger` for itself only."""

MAY_IMPORT = {
    "values": (),
    "proof": ("values",),
    "intake": ("values",),
    "store": ("values", "proof"),
    "book": ("values", "proof", "intake", "store"),
    "reports": ("values", "proof"),
    "config": ("values",),
    "web": ("values", "proof", "intake", "store", "book", "reports", "config"),
    "demo": ("values", "proof", "intake", "store", "book"),
    "cli": ("values", "proof", "intake", "store", "book", "reports", "config", "web", "demo"),
    "wsgi": ("values", "config", "web"),
}
"""Which other layers a layer may import."""

OUTSIDE = {
    "flask": ("web", "cli"),
    "flask_login": ("web",),
    "flask_wtf": ("web",),
    "wtforms": ("web",),
    "werkzeug": ("web",),
    "waitress": ("cli",),
    "reportlab": ("reports",),
    "openpyxl": ("intake", "reports"),
    "alembic": ("store",),
    "sqlalchemy": ("store", "book", "web", "cli", "demo"),
    "sqlmodel": ("store",),
    "sqlite3": ("store",),
    "psycopg": ("store",),
}
"""Which layers may import a library. One that is not named here may be used anywhere."""

READS_WORKBOOKS = ("ledger.intake", "reports.check")
WRITES_WORKBOOKS = ("reports",)
"""Where openpyxl's `load_workbook` and `Workbook` may be named."""

NOT_MONEY = "# not money"


@dataclass(frozen=True)
class Module:
    """One source file, its dotted name and its place for a message."""

    name: str
    place: str
    source: str
    package: bool

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source, self.place)

    @cached_property
    def layer(self) -> str:
        return layer_of(self.name)


def modules(root: Path) -> list[Module]:
    """Read config.py, wsgi.py and every module below ledger/ and reports/."""
    patterns = ("config.py", "wsgi.py", "ledger/**/*.py", "reports/**/*.py")
    return [read(root, file) for pattern in patterns for file in sorted(root.glob(pattern))]


def read(root: Path, file: Path) -> Module:
    place = file.relative_to(root)
    package = file.name == "__init__.py"
    name = ".".join(place.parent.parts if package else place.with_suffix("").parts)
    return Module(name, str(place), file.read_text("utf-8"), package)


def layer_of(name: str) -> str:
    """Return the layer of a module's dotted name, or the empty string when the table names none."""
    for layer, roots in LAYERS.items():
        if any(name == root or (root != "ledger" and name.startswith(root + ".")) for root in roots):
            return layer
    return ""


def imported(module: Module) -> Iterator[tuple[int, str]]:
    """Yield (line, dotted name) of each import, wherever it stands; relative ones are resolved.

    What is imported from our own packages stands with its full name: `from ledger import
    money` is `ledger.money`, but `from ledger import __version__` is `ledger`.
    """
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                own = module.name.split(".") if module.package else module.name.split(".")[:-1]
                above = own[: len(own) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            for alias in node.names:
                full = f"{base}.{alias.name}"
                yield node.lineno, full if layer_of(full) else base


def every_module_has_a_layer(root: Path) -> list[str]:
    tree = modules(root)
    return [f"{module.place}: stands in no layer; add it to LAYERS" for module in tree if not module.layer]


def imports_follow_the_graph(root: Path) -> list[str]:
    return [
        f"{module.place}:{line}: {module.name} → {name} ({module.layer} may not import {layer_of(name)})"
        for module in modules(root)
        for line, name in imported(module)
        if layer_of(name) not in ("", module.layer, *MAY_IMPORT.get(module.layer, ()))
    ]


def libraries_stay_in_their_layer(root: Path) -> list[str]:
    return [
        f"{module.place}:{line}: {module.name} → {name} (only for {', '.join(OUTSIDE[name.split('.')[0]])})"
        for module in modules(root)
        for line, name in imported(module)
        if module.layer not in OUTSIDE.get(name.split(".")[0], (module.layer,))
    ]


def workbooks_are_read_and_written_in_their_rooms(root: Path) -> list[str]:
    rooms = {"load_workbook": READS_WORKBOOKS, "Workbook": WRITES_WORKBOOKS}
    return [
        f"{module.place}:{line}: {module.name} → openpyxl {name} (only in {', '.join(rooms[name])})"
        for module in modules(root)
        if any(library.split(".")[0] == "openpyxl" for _, library in imported(module))
        for line, name in names(module.tree)
        if name in rooms and not any(f"{module.name}.".startswith(f"{room}.") for room in rooms[name])
    ]


def names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield (line, name) of each imported name and each attribute, except imports for type checkers."""
    for_types = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node not in for_types:
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.Attribute):
            yield node.lineno, node.attr


def modules_are_short(root: Path) -> list[str]:
    return [
        f"{module.place}: {lines} lines, at most {MODULE_LINES_MAX}"
        for module in modules(root)
        if (lines := len(module.source.splitlines())) > MODULE_LINES_MAX
    ]


def functions_are_short(root: Path) -> list[str]:
    return [
        f"{module.place}:{node.lineno}: {node.name} has {lines} lines, at most {FUNCTION_LINES_MAX}"
        for module in modules(root)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES_MAX
    ]


def what_is_public_is_described(root: Path) -> list[str]:
    found = []
    for module in modules(root):
        if not ast.get_docstring(module.tree):
            found.append(f"{module.place}:1: the module has no docstring")
        found += [
            f"{module.place}:{node.lineno}: {node.name} has no docstring"
            for node in public(module.tree.body)
            if not ast.get_docstring(node) and not is_override(node)
        ]
    return found


Described = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def public(body: list[ast.stmt]) -> Iterator[Described]:
    """Yield public functions and classes, and the public methods of those classes."""
    for node in body:
        if isinstance(node, Described) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body)


def is_override(node: Described) -> bool:
    """Tell whether a decorator says that the description stands elsewhere."""
    return any(ast.unparse(mark).split(".")[-1] in ("override", "overload") for mark in node.decorator_list)


def money_is_never_a_float(root: Path) -> list[str]:
    return [
        f"{module.place}:{token.start[0]}: float( without the comment `{NOT_MONEY}`: {token.line.strip()}"
        for module in modules(root)
        for token, following in pairs(module.source)
        if token.string == "float" and following.string == "(" and NOT_MONEY not in token.line
    ]


def pairs(source: str) -> Iterator[tuple[tokenize.TokenInfo, tokenize.TokenInfo]]:
    """Yield each token with the one after it."""
    return pairwise(tokenize.generate_tokens(io.StringIO(source).readline))


def no_drawer_for_everything(root: Path) -> list[str]:
    drawers = ("utils", "util", "helpers", "misc", "common")
    return [
        f"{module.place}: a drawer for everything; give it the name of its subject"
        for module in modules(root)
        if module.name.rpartition(".")[2] in drawers
    ]


Rule = Callable[[Path], list[str]]

RULES: tuple[Rule, ...] = (
    every_module_has_a_layer,
    imports_follow_the_graph,
    libraries_stay_in_their_layer,
    workbooks_are_read_and_written_in_their_rooms,
    modules_are_short,
    functions_are_short,
    what_is_public_is_described,
    money_is_never_a_float,
    no_drawer_for_everything,
)

PLANTED: dict[Rule, tuple[tuple[str, str, str], ...]] = {
    every_module_has_a_layer: (("ledger/odds.py", "", "stands in no layer"),),
    imports_follow_the_graph: (
        ("ledger/money.py", "import ledger.web", "ledger.money → ledger.web"),
        ("ledger/proof/merkle.py", "from ledger.store import log", "ledger.proof.merkle → ledger.store.log"),
        ("ledger/proof/merkle.py", "from ..book import entries", "ledger.proof.merkle → ledger.book.entries"),
        ("ledger/intake/__init__.py", "from ..proof import note", "ledger.intake → ledger.proof.note"),
        ("ledger/store/log.py", "def f():\n    from ledger import book", "ledger.store.log → ledger.book"),
        ("ledger/book/entries.py", "import reports.pdf", "ledger.book.entries → reports.pdf"),
        ("reports/pdf.py", "from ledger.book.statement import *", "reports.pdf → ledger.book.statement"),
        ("ledger/web/pages.py", "import ledger.cli", "ledger.web.pages → ledger.cli"),
        ("ledger/cli.py", "import wsgi", "ledger.cli → wsgi"),
    ),
    libraries_stay_in_their_layer: (
        ("ledger/book/entries.py", "from flask import g", "ledger.book.entries → flask"),
        ("ledger/web/pages.py", "import reportlab.pdfgen", "ledger.web.pages → reportlab.pdfgen"),
        ("ledger/proof/note.py", "import sqlmodel", "ledger.proof.note → sqlmodel"),
    ),
    workbooks_are_read_and_written_in_their_rooms: (
        ("reports/excel.py", "from openpyxl import load_workbook", "reports.excel → openpyxl load_workbook"),
        (
            "reports/checks.py",
            "from openpyxl import load_workbook",
            "reports.checks → openpyxl load_workbook",
        ),
        ("ledger/intake/a.py", "import openpyxl\nopenpyxl.Workbook()", "ledger.intake.a → openpyxl Workbook"),
    ),
    modules_are_short: (("ledger/money.py", "\n" * 301, "ledger/money.py: 301 lines"),),
    functions_are_short: (
        (
            "ledger/web/a.py",
            "class A:\n def f(self):\n" + "  pass\n" * 70,
            "ledger/web/a.py:2: f has 71 lines",
        ),
    ),
    what_is_public_is_described: (
        ("reports/pdf.py", "x = 1", "reports/pdf.py:1: the module has no docstring"),
        ("reports/pdf.py", '"""A."""\ndef f(): pass', "reports/pdf.py:2: f has no docstring"),
        (
            "reports/pdf.py",
            '"""A."""\nclass A:\n "B"\n def g(self): 0',
            "reports/pdf.py:4: g has no docstring",
        ),
    ),
    money_is_never_a_float: (("ledger/book/a.py", "x = float('1')", "ledger/book/a.py:1: float("),),
    no_drawer_for_everything: (("ledger/web/utils.py", "", "ledger/web/utils.py"),),
}
"""For each rule at least one file that breaks it, and what the message must say."""

ALLOWED = {
    "ledger/__init__.py": '"""A."""\n__version__ = "1"\n',
    "ledger/errors.py": '"""A."""\nfrom ledger import __version__, words\n',
    "ledger/words.py": '"""A."""\nshare = float("1")  # not money\ntext = "float("\n',
    "ledger/intake/tips.py": '"""A."""\nimport typing\nfrom openpyxl import load_workbook\n'
    "if TYPE_CHECKING:\n    from openpyxl import Workbook\n",
    "ledger/store/__init__.py": '"""A."""\nfrom ..proof import merkle\nfrom . import log\n',
    "ledger/store/log.py": '"""A."""\nimport sqlmodel\nclass A:\n    "B"\n    def _private(self): pass\n'
    "    def __repr__(self): pass\n    @override\n    def described_above(self): pass\n",
    "ledger/proof/merkle.py": '"""A."""\nimport hashlib\n',
    "ledger/web/__init__.py": '"""A."""\nimport flask\nimport reports.pdf\nimport config\n',
    "ledger/cli.py": '"""A."""\nfrom ledger.web import create_app\nimport flask\n',
    "reports/excel.py": '"""A."""\nimport openpyxl\nbook = openpyxl.Workbook()\n',
    "reports/check.py": '"""A."""\nimport openpyxl\nbook = openpyxl.load_workbook("a")\n' + "\n" * 297,
    "config.py": '"""A."""\nfrom ledger.errors import Invalid\n',
    "wsgi.py": '"""A."""\nfrom ledger.web import create_app\n',
}
"""A small tree that keeps every rule, near its edges."""


def plant(root: Path, place: str, source: str) -> None:
    file = root / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(source, "utf-8")


def title(rule: Rule) -> str:
    return rule.__name__


@pytest.mark.parametrize("rule", RULES, ids=title)
def test_the_project_keeps_the_rule(rule: Rule):
    assert rule(ROOT) == []


@pytest.mark.parametrize("rule", RULES, ids=title)
def test_each_planted_offender_is_caught_and_named(tmp_path: Path, rule: Rule):
    for number, (place, source, words) in enumerate(PLANTED[rule]):
        plant(tmp_path / str(number), place, source)
        found = rule(tmp_path / str(number))
        assert len(found) == 1, f"{source!r} in {place} gave {found}"
        assert words in found[0]


@pytest.mark.parametrize("rule", RULES, ids=title)
def test_what_is_allowed_is_let_through(tmp_path: Path, rule: Rule):
    for place, source in ALLOWED.items():
        plant(tmp_path, place, source)
    assert rule(tmp_path) == []


def test_the_rules_see_the_whole_project():
    seen = {module.name for module in modules(ROOT)}
    assert {"ledger", "ledger.money", "reports"} <= seen


def test_the_graph_has_no_circle_and_names_only_layers_that_exist():
    assert set(MAY_IMPORT) == set(LAYERS)
    assert {layer for layers in OUTSIDE.values() for layer in layers} <= set(LAYERS)
    order: list[str] = []
    while len(order) < len(MAY_IMPORT):
        left = {layer: below for layer, below in MAY_IMPORT.items() if layer not in order}
        ready = [layer for layer, below in left.items() if set(below) <= set(order)]
        assert ready, f"a circle among {set(left)}"
        order += ready
