"""The figures in words: tables for the console and for RESULTS.md."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.generalisation.peers.figures import DEFAULTS
from benchmarks.generalisation.scoring import GRAVE_RELEASE, MILD_RELEASE, Judged
from benchmarks.judgement.answers import STOPPED

AIMS: Mapping[str, str] = {
    "of them within 3 days": ">= 80 %",
    "of them within 7 days of labels": ">= 90 %",
    "harmless told at least as P3": ">= 60 %",
    GRAVE_RELEASE: ">= 80 %",
    MILD_RELEASE: ">= 80 %",
    "right cause, of the harmful told": ">= 85 %",
    "rolled back where nothing helps": "0",
    "right target": ">= 95 %",
    "false incidents a model-year": "<= 1",
    "told, P3 too, a model-month": "<= 1",
}
TOLD = (
    *("harmful told in time", "within 3 days", "within 7 days of labels"),
    *("harmless told", "nothing wrong, told"),
)
RATES = frozenset({"false incidents a model-year", "told, P3 too, a model-month"})
Facts = Mapping[str, Any]


def totals(facts: Facts) -> Iterator[str]:
    """Write the totals of a part, one line a figure."""
    yield "| | | 95 % | aim |"
    yield "|---|---|---|---|"
    for name, figure in {**facts["cases"], **facts["clean"]}.items():
        if isinstance(figure, Mapping):
            yield f"| {name} | {_value(name, figure)} | {AIMS.get(name, '')} |"
        else:
            yield f"| {name} | {figure} | | |"


def _value(name: str, figure: Facts) -> str:
    if name in RATES:
        reach = f"{figure['lower']:.1f} to {figure['upper']:.1f}"
        counted = f"{figure['count']:g} in {figure['of']:g} days"
        return f"{figure['value']:.1f} ({counted}) | {reach}"
    if not figure["of"]:
        return "none asked | "
    reach = f"{figure['lower']:.0%} to {figure['upper']:.0%}"
    return f"{figure['count']:g} of {figure['of']:g} ({figure['value']:.0%}) | {reach}"


def families(rows: Sequence[Facts]) -> Iterator[str]:
    """Write the table by family."""
    if not rows:
        return
    yield "| " + " | ".join(rows[0]) + " |"
    yield "|" + "---|" * len(rows[0])
    for row in rows:
        yield "| " + " | ".join(str(value) for value in row.values()) + " |"


def side_by_side(peers: Facts) -> Iterator[str]:
    """Write all tools beside each other, one line a rule and bar."""
    columns = ("clean days with an alarm", *TOLD)
    worlds = len(peers["quiet worlds"])
    yield f"All tools on the same {peers['cases']} cases. As quiet as Daywatch: on the"
    yield f"clean days of {worlds} of the development worlds."
    yield ""
    yield f"| tool | alerts | from | {' | '.join(columns)} |"
    yield "|" + "---|" * (len(columns) + 3)
    for row in peers["rules"]:
        cells = [row["tool"], row["alerts"], _bar(row)]
        cells += [
            _value(name, row[name]).removesuffix(" | ").replace(" | ", ", ")
            for name in columns
        ]
        yield f"| {' | '.join(cells)} |"


def _bar(row: Facts) -> str:
    """Say from which strength on a rule alarms."""
    if row["bar"] == DEFAULTS.chosen:
        return DEFAULTS.chosen
    if not row["above"]:
        return f"{row['bar']}: any"
    if row["above"] >= STOPPED:
        return f"{row['bar']}: never"
    what = "alerts" if row["strength"] == "counts" else "half-widths of the limits"
    return f"{row['bar']}: more than {row['above']:.3g} {what}"


def singly(judged: Sequence[Judged]) -> Iterator[str]:
    """Write every case on a line: what went wrong, what is right, what was said."""
    yield "| case | world | fault | rows | shape | size | right | said | cause |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for one in judged:
        case, loud = one.case, one.first_loud
        right = "harmless"
        if one.truth.is_control:
            right = "nothing"
        if one.truth.is_harmful:
            right = "harmful: " + " or ".join(sorted(one.truth.causes))
        said = one.outcome if loud is None else f"{one.outcome}, day {loud.number + 1}"
        cause = "" if loud is None else loud.cause
        mark = (
            " (wrong)" if one.truth.is_harmful and one.is_cause_right is False else ""
        )
        yield (
            f"| {case.number} | {case.world} | {case.cell.production} | "
            f"{case.cell.rows} | {case.cell.shape} | {case.size:.3g} | {right} | "
            f"{said} | {cause}{mark} |"
        )


def page(kept: Mapping[str, Sequence[Facts]]) -> Iterator[str]:
    """Write RESULTS.md: the newest run of each part, and of which code it is."""
    yield "# Results"
    yield ""
    yield "Written by `python -m benchmarks.generalisation --keep`; how they are"
    yield "counted stands in [method.md](method.md), older runs in `results.json`."
    for part, runs in sorted(kept.items()):
        facts = runs[0]
        yield ""
        yield f"## {part.capitalize()}"
        yield ""
        origin = {name: facts[name] for name in ("commit", "sources", "seed")}
        yield ", ".join(f"{name} {value}" for name, value in origin.items())
        yield ""
        yield from totals(facts)
        if facts.get("peers"):
            yield ""
            yield from side_by_side(facts["peers"])
        if facts.get("families"):
            yield ""
            yield from families(facts["families"])
