"""The results: `results.json`, `RESULTS.md` and the chart of the README."""

import json
import math
import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.judgement import (
    faulty,
    fleets,
    matched,
    natural,
    places,
    replays,
    work,
)
from benchmarks.judgement.chart import draw
from benchmarks.judgement.words import render
from benchmarks.judgement.worlds import WATCHED

Facts = dict[str, Any]


def write() -> list[Path]:
    """Score all answers that are there and write the results.

    Returns:
        The files.
    """
    months = {
        name: natural.months(world, places.worlds() / name)
        for name, world in WATCHED.items()
        if (places.worlds() / name / work.DONE).is_file()
    }
    facts: Facts = {
        "environment": _environment(),
        "worlds": {name: WATCHED[name].about for name in months},
        "months": [
            {"world": name, "version": m.version, "month": m.name}
            | {"metric": m.metric, "value": m.value, "reference": m.reference}
            | {"loss": m.loss, "state": m.state}
            for name, found in months.items()
            for m in found
        ],
        "clean": list(replays.false_pages(months)),
        "ledger": list(replays.ledger_pages(months)),
        "natural": list(replays.real_losses(months)),
        "drifted": list(replays.drifted_halves(months)),
        "matched_rules": list(matched.thresholds(months)),
        "faults": list(faulty.by_group()),
        "sizes": list(faulty.by_size()),
        "fleet": list(fleets.fleet_cases()),
        "cases": list(faulty.one_by_one()),
    }
    facts["matched"] = list(matched.found(facts["matched_rules"]))
    plain = _finite(facts)
    results = places.HERE / "results.json"
    results.write_text(json.dumps(plain, indent=1, default=str) + "\n")
    words = places.HERE / "RESULTS.md"
    words.write_text(render(facts))
    chart = places.ROOT / "docs" / "judgement.svg"
    chart.write_text(draw(facts))
    return [results, words, chart]


def _environment() -> Facts:
    pinned = dict(
        line.split("==")
        for line in places.CONSTRAINTS.read_text().splitlines()
        if "==" in line
    )
    return {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "nannyml": version("nannyml"),
        "pandas": version("pandas"),
        "scikit-learn": version("scikit-learn"),
        "evidently": pinned["evidently"],
        "evidently's pandas": pinned["pandas"],
    }


def _finite(value: Any) -> Any:  # noqa: ANN401 (JSON)
    """Return what JSON knows: never becomes null."""
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    if isinstance(value, float):
        return round(value, 4) if math.isfinite(value) else None
    return value
