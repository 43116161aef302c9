"""The results kept: totals of both parts with commit and seed, and every reveal."""

import json
import subprocess
from collections.abc import Sequence
from typing import Any

from benchmarks.generalisation import places, work
from benchmarks.generalisation.cases import DEVELOPMENT
from benchmarks.generalisation.faults.grammar import SEED
from benchmarks.generalisation.scoring import (
    Judged,
    by_family,
    clean_summed,
    summed,
)
from benchmarks.generalisation.words import page
from monitoring_tasks.clock import SYSTEM_CLOCK


def gathered(
    part: str, judged: Sequence[Judged], worlds: Sequence[str]
) -> dict[str, Any]:
    """Return the figures of a part; by family those of the development alone.

    Args:
        part: `development` or `evaluation`.
        judged: Its cases.
        worlds: Whose clean days are counted.
    """
    clean = {name: looks for name in worlds if (looks := work.clean_looks(name))}
    facts = {
        "part": part,
        "commit": _commit(),
        "sources": places.of_daywatch(),
        "seed": SEED,
        "cases": summed(judged),
        "clean": clean_summed(clean),
    }
    if part != DEVELOPMENT:
        return facts
    return facts | {"families": by_family(judged)}


def keep(part: str, facts: dict[str, Any]) -> None:
    """Write the figures of a part beside those of the other; the newest first."""
    kept = json.loads(places.RESULTS.read_text()) if places.RESULTS.is_file() else {}
    runs = [run for run in kept.get(part, []) if run["sources"] != facts["sources"]]
    kept[part] = [facts, *runs]
    places.RESULTS.write_text(json.dumps(kept, indent=1) + "\n")
    places.PAGE.write_text("\n".join(page(kept)) + "\n")


def record_reveal(judged: Sequence[Judged], *, why: str) -> None:
    """Write down which evaluation cases were looked at singly, when and why."""
    line = {
        "at": SYSTEM_CLOCK.now().isoformat(timespec="seconds"),
        "commit": _commit(),
        "cases": [one.case.number for one in judged],
        "why": why,
    }
    with places.REVEALS.open("a") as file:
        file.write(json.dumps(line) + "\n")


def _commit() -> str:
    """Return the commit, with a plus where files differ from it."""
    shown = subprocess.run(
        ["git", "describe", "--always", "--dirty=+"],  # noqa: S607 (whatever git)
        cwd=places.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return shown.stdout.strip()
