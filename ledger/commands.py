"""What each command of the command line does, once its words are understood."""

from __future__ import annotations

import argparse
import gc
import json
import logging
import os
import sys
from pathlib import Path
from typing import Any

import waitress

import config
from ledger import demo as demonstration
from ledger import intake
from ledger.book import books, drafts, imports, people, roster
from ledger.book.duties import ADMINISTRATION, ROLES, Actor
from ledger.book.statement import monthly, personal_names
from ledger.errors import Invalid, NotFound
from ledger.money import yuan
from ledger.months import Month, china_now
from ledger.store import schema
from ledger.store import verify as verification
from ledger.store.engine import Store, open_store
from ledger.words import N_, Text, translate

BROKEN_STATUS = {
    "record": 10,
    "node": 11,
    "private_value": 13,
    "blob_chunk": 14,
    "source_row": 15,
    "row_claim": 15,
    "signoff": 16,
    "schema": 17,
}
"""Exit status of `sunbook verify` by what is broken first; 12 for any projection."""


def language() -> str:
    """Return the reader's language: English where the environment asks for it, Chinese otherwise."""
    asked = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if asked.startswith("en") else "zh"


def say(message: str, **values: str | int) -> None:
    """Print a sentence in the reader's language."""
    print(translate(message, language()).format(**values))


def settings() -> config.Config:
    """Read the settings from the environment."""
    return config.from_environment(os.environ)


def open_current(settings: config.Config) -> Store:
    """Return the store; raise Invalid where the database was never made or is of an older schema."""
    store = open_store(settings.database_url)
    if not schema.is_current(store):
        raise Invalid(N_("数据库还没有建立，或版本较旧：请先运行 sunbook init。"))
    return store


def _migrated(settings: config.Config) -> Store:
    """Bring the database up to date with the owner's address; return the store of the everyday one."""
    schema.migrate(open_store(settings.migrate_url))
    return open_store(settings.database_url)


def init(given: argparse.Namespace) -> int:
    """Create or migrate the database; with `--book` open a book and print the administrators' passwords once."""
    current = settings()
    store = _migrated(current)
    if not given.book:
        say(N_("数据库已是最新版本。"))
        return 0
    if not given.name:
        raise Invalid(N_("请用 --name 写明账本名称。"))
    made = []
    at = china_now()
    with store.transaction(given.book) as session:
        name = given.name
        head = books.open_book(
            session, given.book, name=Text(name, ""), county=Text(given.county or name, ""), at=at
        )
        for role in ("sysadmin", "secadmin", "auditadmin"):
            password = people.one_time_password()
            login = f"{role}-{given.book}"
            person = people.create(
                session, login=login, name=ROLES[role].name.zh, password=password, must_change=True
            )
            roster.seat(
                session,
                given.book,
                person=person.person,
                name=ROLES[role].name.zh,
                party=ADMINISTRATION,
                role=role,
                post="",
                by=books.SYSTEM,
                at=at,
            )
            made.append((login, password))
    say(N_("账本已建立：{origin}"), origin=head.origin)
    say(N_("三位管理员的一次性密码（登录后须更改）："))
    for login, password in made:
        print(f"{login}\t{password}")
    return 0


def demo(given: argparse.Namespace) -> int:
    """Fill an empty database with the demonstration and print its logins."""
    logins = demonstration.build(_migrated(settings()))
    if given.json:
        listed = [
            {"user": item.user, "password": item.password, "signing_password": item.signing_password}
            for item in logins
        ]
        print(json.dumps(listed, indent=1))
        return 0
    say(N_("演示账本 demo（示例县，2026年3月）已建立。登录用户："))
    print(f"{'user':<16}{'password':<20}{'signing password':<18}")
    for item in logins:
        print(
            f"{item.user:<16}{item.password:<20}{item.signing_password:<18}{ROLES[item.role].name.in_(language())}"
        )
    return 0


def serve(given: argparse.Namespace) -> int:
    """Run the web application until it is stopped."""
    from ledger.web import serve_from  # noqa: PLC0415 - the other commands need no web

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    current = settings()
    open_current(current)
    application = serve_from(current)
    gc.collect()
    gc.freeze()  # what start-up made stays; collecting it again and again costs the slowest pages most
    say(
        N_("请在浏览器打开 http://{host}:{port}"),
        host="localhost" if given.host == "127.0.0.1" else given.host,
        port=given.port,
    )
    sys.stdout.flush()
    waitress.serve(application, host=given.host, port=given.port, threads=8, ident="", _quiet=True)
    return 0


def _actor(store: Store, book: str, login: str) -> Actor:
    with store.reading() as session:
        person = people.by_login(session, login)
        if person is None:
            raise NotFound(N_("没有用户“{login}”。"), login=login[:40])
        return roster.actor(session, book, person.person)


def read_file(given: argparse.Namespace) -> int:
    """Read a file and, unless it is a dry run, receive it and prepare its draft."""
    data = given.file.read_bytes()
    settlement = intake.read(data, given.file.name, reader=given.format)
    totals: dict[str, Any] = {
        "reader": settlement.reader,
        "rows": len(settlement.rows),
        "controls": [
            {"name": c.name, "stated": c.stated, "computed": c.computed, "unit": c.unit}
            for c in settlement.controls
        ],
        "notices": [notice.text(language()) for notice in settlement.notices],
    }
    if not given.dry_run:
        store = open_current(settings())
        actor = _actor(store, given.book, given.user)
        at = china_now()
        with store.transaction(given.book) as session:
            idx, new = imports.receive(session, actor, data, given.file.name, settlement, at=at)
            totals |= {"file": idx, "new": new}
            if new and settlement.kind not in imports.REFERENCE_KINDS:
                draft = imports.prepare(session, actor, idx, settlement, at=at)
                totals |= {
                    "draft": draft.draft,
                    "digest": draft.digest,
                    "entries": len(draft.payload["entries"]),
                    "unassigned": len(draft.payload["unassigned"]),
                }
    _print_import(totals, as_json=given.json)
    return 0


def _print_import(totals: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(totals, ensure_ascii=False, indent=1))
        return
    say(N_("格式 {reader}，共 {rows} 行。"), reader=totals["reader"], rows=totals["rows"])
    for control in totals["controls"]:
        value = yuan(control["computed"]) if control["unit"] == "fen" else str(control["computed"])
        print(f"  {translate(control['name'], language())}\t{value}")
    for notice in totals["notices"]:
        print(f"  {notice}")
    if totals.get("new") is False:
        say(N_("这份文件以前已收到（第 {file} 条记录），没有重复登记。"), file=totals["file"])
    if "draft" in totals:
        say(
            N_(
                "草稿 {draft}：{entries} 张凭证，{unassigned} 行没有归属。请由另一人审核：sunbook post {draft}"
            ),
            draft=totals["draft"],
            entries=totals["entries"],
            unassigned=totals["unassigned"],
        )


def post(given: argparse.Namespace) -> int:
    """Post a draft as the second person."""
    store = open_current(settings())
    actor = _actor(store, given.book, given.user)
    with store.transaction(given.book) as session:
        draft = drafts.get(session, given.book, given.draft)
        seen, at = given.digest or draft.digest, china_now()
        records = drafts.post(session, actor, given.draft, seen=seen, at=at, override=given.reason)
    numbers = [record.body["number"] for record in records if record.kind == "entry.posted"]
    if given.json:
        print(
            json.dumps(
                {"records": [record.index for record in records], "vouchers": numbers}, ensure_ascii=False
            )
        )
    else:
        say(N_("已记账：{vouchers}"), vouchers="、".join(numbers) or "-")
    return 0


def report(given: argparse.Namespace) -> int:
    """Write the monthly report to a file."""
    month = Month.parse(given.month)
    current = settings()
    store = open_current(current)
    with store.reading() as session:
        statement = monthly(session, given.book, month, public_url=current.public_url)
        names = personal_names(session, given.book)
    if given.public:
        from reports import digest, public  # noqa: PLC0415 - as the reports themselves

        statement = public.masked(statement, digest.statement_digest(statement), names=names)
    if given.format == "pdf":
        from reports.pdf import render  # noqa: PLC0415 - fonts are loaded only when needed
    else:
        from reports.excel import render  # noqa: PLC0415
    out = given.out or Path(f"{statement.number}{'-public' if given.public else ''}.{given.format}")
    out.write_bytes(render(statement, language=given.lang, draft=True))
    if not given.out:
        print(out)
    return 0


def verify(given: argparse.Namespace) -> int:
    """Check everything stored; return a status that tells what is broken first."""
    store = open_current(settings())
    with store.reading() as session:
        codes = [given.book] if given.book else verification.books(session)
        verdicts = [
            verification.verify(session, code, derive=intake.derive, log_only=given.log, most=20)
            for code in codes
        ]
    if given.json:
        print(json.dumps([_verdict(verdict) for verdict in verdicts], ensure_ascii=False, indent=1))
    for verdict in verdicts:
        if verdict.sound and not given.json:
            say(
                N_("{book}：完好。{size} 条记录，根 {root}。"),
                book=verdict.book,
                size=verdict.size,
                root=verdict.root,
            )
        for finding in verdict.broken:
            print(f"{verdict.book}: {finding.where}: {finding.text(language())}", file=sys.stderr)
    first = next((verdict.broken[0] for verdict in verdicts if verdict.broken), None)
    return 0 if first is None else BROKEN_STATUS.get(first.where, 12)


def _verdict(verdict: verification.Verdict) -> dict[str, Any]:
    return {
        "book": verdict.book,
        "origin": verdict.origin,
        "size": verdict.size,
        "root": verdict.root,
        "sound": verdict.sound,
        "broken": [{"where": item.where, "text": item.text(language())} for item in verdict.broken],
    }
