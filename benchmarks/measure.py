"""Running works in turn, each in a process of its own, and printing their ratio to the floor."""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sample:
    """One run of one work: seconds of the work itself and peak memory of its process, in MB."""

    seconds: float
    peak_mb: float


def report(work: Callable[[], object]) -> None:
    """Run one work in this process and print its sample as JSON, for `once` to read."""
    begun = time.perf_counter()
    work()
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": peak}))


def once(name: str, folder: str) -> Sample:
    """Run one named work in a new process."""
    made = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--work", name, "--folder", folder],
        check=True,
        capture_output=True,
        text=True,
    )
    return Sample(**json.loads(made.stdout.splitlines()[-1]))


def compare(title: str, floor: str, works: list[str], folder: str, rounds: int) -> None:
    """Run floor and works in turn, after one warm-up each; print median, spread and ratio to the floor."""
    names = [floor, *works]
    for name in names:
        once(name, folder)
    samples: dict[str, list[Sample]] = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            samples[name].append(once(name, folder))
    print(f"\n{title} ({rounds} rounds)")
    print(f"{'work':<26}{'median s':>10}{'min':>8}{'max':>8}{'× floor':>9}{'(min–max)':>14}{'peak MB':>9}")
    for name in names:
        seconds = [sample.seconds for sample in samples[name]]
        ratios = [mine / base.seconds for mine, base in zip(seconds, samples[floor], strict=True)]
        peak = max(sample.peak_mb for sample in samples[name])
        spread = f"{min(ratios):.2f}–{max(ratios):.2f}"
        print(
            f"{name:<26}{statistics.median(seconds):>10.3f}{min(seconds):>8.3f}{max(seconds):>8.3f}"
            f"{statistics.median(ratios):>9.2f}{spread:>14}{peak:>9.0f}"
        )
