"""What a report is called: its title, and the name of its file."""

from __future__ import annotations

from ledger.statement import MonthlyStatement
from ledger.words import N_
from reports.wording import Wording

PUBLIC = "public"
EDITIONS = {"internal": N_("内部版"), PUBLIC: N_("公开版（脱敏）")}
FILES = {
    "monthly": {"zh": "收支月报", "en": "monthly-report"},
    "cumulative": {"zh": "累计收支一页通", "en": "cumulative"},
}
_DRAFT = {"zh": "草稿", "en": "draft"}
_PUBLIC = {"zh": "公开版", "en": "public"}


def heading(statement: MonthlyStatement, words: Wording, title: str) -> str:
    """Return `示例县 公益直播善款收支月报 2026年3月`, and which edition where it is the public one."""
    told = f"{words.name(statement.book.county)} {title} {words.month(statement.month)}"
    if statement.audience == PUBLIC:
        return f"{told} {words(EDITIONS[PUBLIC])}"
    return told


def edition(statement: MonthlyStatement, words: Wording) -> str:
    """Return which edition this is."""
    return words.coded(statement.audience, EDITIONS)


def footing(statement: MonthlyStatement, words: Wording) -> str:
    """Return the foot of every page: which report, which version, and which edition if it is the public one."""
    told = words(
        N_("报告编号 {number} · 第 {version} 版"), number=statement.number, version=statement.version
    )
    return f"{told} · {edition(statement, words)}" if statement.audience == PUBLIC else told


def file_name(
    statement: MonthlyStatement, language: str, ending: str, *, draft: bool, kind: str = "monthly"
) -> str:
    """Return the name under which a file is handed out: `…-收支月报-2026-03-公开版-草稿.pdf`."""
    parts = [statement.book.name.in_(language), FILES[kind][language], str(statement.month)]
    if statement.audience == PUBLIC:
        parts.append(_PUBLIC[language])
    if draft:
        parts.append(_DRAFT[language])
    return f"{'-'.join(parts)}.{ending}"
