"""`python -m benchmarks`: every comparison, or one of them by name."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import measure, works

COMPARISONS = {
    "import": ("Import of 100,000 commission rows", "floor: csv+sha256+sqlite3", ["sunbook import"]),
    "pdf": ("Monthly report as PDF", "floor: reportlab canvas", ["sunbook month as PDF"]),
    "excel": ("Monthly report as Excel", "floor: openpyxl", ["sunbook month as Excel"]),
    "proposals": ("Proposals for 5,000 bank lines", "floor: join by amount", ["propose 5,000 × 5,000"]),
    "month": (
        "A month of 30,000 rows reconciled, closed, reported",
        "month in 75,000 rows",
        ["month in 1,000,000 rows"],
    ),
}


def _works(name: str) -> dict[str, tuple[Callable[[Path], None], Callable[[Path], None]]]:
    """Return the works of which `name` is one; the reports' libraries are loaded for reports only."""
    if name in works.IMPORTS:
        return works.IMPORTS
    from benchmarks import works_reports  # noqa: PLC0415 - its memory is not the import's

    if name in works_reports.REPORTS:
        return works_reports.REPORTS
    from benchmarks import works_month  # noqa: PLC0415 - the same

    return works_month.MONTHS


def main() -> None:
    """Run the comparisons that were asked for, or one single work for `measure.once`."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument(
        "names", nargs="*", choices=[*COMPARISONS, []], metavar="NAME", help=", ".join(COMPARISONS)
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--work", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        setup, work = _works(given.work)[given.work]
        setup(given.folder)
        measure.report(lambda: work(given.folder))
        return
    with tempfile.TemporaryDirectory(prefix="sunbook-bench-") as folder:
        works.prepare(Path(folder))
        for name in given.names or COMPARISONS:
            if name == "month":
                from benchmarks import works_month  # noqa: PLC0415 - a million rows take minutes to make

                works_month.prepare(Path(folder))
            title, floor, names = COMPARISONS[name]
            measure.compare(title, floor, names, folder, given.rounds)


if __name__ == "__main__":
    main()
