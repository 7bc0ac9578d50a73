"""The command line: `sunbook COMMAND`. Results on standard output, problems on standard error, exit 0 only on success."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ledger import commands, commands_books, intake
from ledger.errors import Invalid, SunbookError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status."""
    given = _parser().parse_args(arguments)
    try:
        return int(given.run(given))
    except SunbookError as error:
        print(error.text(commands.language()), file=sys.stderr)
        for problem in error.problems if isinstance(error, Invalid) else ():
            place = f"{problem.row}\t{problem.column}\t" if problem.row or problem.column else ""
            print(place + problem.text(commands.language()), file=sys.stderr)
        return 1
    except OSError as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="sunbook", description="晒账本: the ledger of a public-welfare livestream"
    )
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        made = subparsers.add_parser(name, help=text, description=text)
        made.set_defaults(run=run)
        return made

    init = command("init", commands.init, "create or migrate the database and open a book")
    init.add_argument("--book", metavar="CODE", help="permanent code of the new book")
    init.add_argument("--name", help="its name")
    init.add_argument("--county", default="", help="the county's name")
    demo = command(
        "demo", commands.demo, "fill an empty database with 示例县 and March 2026; print the logins"
    )
    demo.add_argument("--json", action="store_true", help="the logins as a list")
    serve = command("serve", commands.serve, "run the web application")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    read = command("import", commands.read_file, "prepare a draft from a platform's or bank's file")
    read.add_argument("file", type=Path)
    read.add_argument(
        "--format", choices=intake.READERS, help="the file's format, where it shall not be guessed"
    )
    read.add_argument("--dry-run", action="store_true", help="only read and check the file")
    post = command("post", commands.post, "post a draft as the second person")
    post.add_argument("draft")
    post.add_argument("--digest", help="refuse unless the draft still has this digest")
    post.add_argument("--reason", default="", help="why it is posted in spite of its warnings")
    for made in (read, post):
        made.add_argument("--book", required=True, metavar="CODE")
        made.add_argument(
            "--as", required=True, dest="user", metavar="USER", help="login of the person who acts"
        )
        made.add_argument("--json", action="store_true")
    report = command("report", commands.report, "write the monthly report (a draft until it is issued)")
    report.add_argument("month", help="YYYY-MM")
    report.add_argument("--book", required=True, metavar="CODE")
    report.add_argument("--format", choices=("pdf", "xlsx"), required=True)
    report.add_argument("--public", action="store_true", help="the masked edition, with its own digest")
    report.add_argument("--lang", choices=("zh", "en"), default="zh")
    report.add_argument("--out", type=Path, help="file to write; its name is printed otherwise")
    journal = command("journal", commands_books.journal, "write the books as plain text for another program")
    journal.add_argument("--book", required=True, metavar="CODE")
    journal.add_argument("--format", choices=("hledger", "beancount"), required=True)
    journal.add_argument("--out", type=Path, help="file to write; standard output otherwise")
    archive = command("archive", commands_books.archive, "write a year's electronic archive as a zip file")
    archive.add_argument("year", help="YYYY")
    archive.add_argument("--book", required=True, metavar="CODE")
    archive.add_argument("--out", type=Path, required=True, help="zip file to write")
    verify = command("verify", commands.verify, "check everything stored; name what is broken")
    verify.add_argument("--book", metavar="CODE", help="only this book")
    verify.add_argument("--log", action="store_true", help="only record bytes, tree and root")
    verify.add_argument("--json", action="store_true")
    return parser


if __name__ == "__main__":
    sys.exit(main())
