"""The results as a page a person reads."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.judgement.budget_words import drifts, fleets, ledger, matches
from benchmarks.judgement.catalogue import CASES
from benchmarks.judgement.tables import Facts, day, interval, name, part, table

QUIET = "nothing to find"
PREFACE = """# Is an alarm right?

Daywatch, NannyML and Evidently on the same days: same rows, same reference, one batch
a day, labels as known the next morning. Made by `make bench-judgement`; every number
is in `results.json`.

"""
METHOD = (Path(__file__).parent / "method.md").read_text("utf-8")


def render(facts: Facts) -> str:
    """Return the page."""
    parts = [PREFACE, _aims(facts), "\n## Where Daywatch loses\n\n", *_losses(facts)]
    parts += ["\n## The same budget\n\n", *matches(facts)]
    for split in ("evaluation", "seen", "tuning"):
        parts += [f"\n## {split.capitalize()}\n\n", *_tables(facts, split)]
    parts += ["\n", METHOD]
    parts += [f"- **{world}**: {about}.\n" for world, about in facts["worlds"].items()]
    parts += ["- Every fault and every day of a label's arrival is made.\n\n"]
    parts += ["## Months\n\n", *_months(facts), "\n## Made with\n\n"]
    made = ", ".join(f"{what} {it}" for what, it in facts["environment"].items())
    return "".join([*parts, made, ".\n"])


def _tables(facts: Facts, split: str) -> Iterator[str]:
    if split != "seen":
        yield from _quiet(facts, split)
        yield from _real(facts, split)
    yield from _faults(facts, split)
    if split == "evaluation":
        yield from drifts(facts)
        yield from fleets(facts)
        yield from _sizes(facts)


def _quiet(facts: Facts, split: str) -> Iterator[str]:
    yield "### Nothing wrong\n\n"
    yield from table(
        ("rule", "world", "false pages a model-year", "alarm days"),
        [
            (name(row), row["world"], interval(row["pages"]), part(row["alarm_days"]))
            for row in facts["clean"]
            if row["split"] == split
        ],
    )
    yield from ledger(facts, split)


def _real(facts: Facts, split: str) -> Iterator[str]:
    rows = [row for row in facts["natural"] if row["split"] == split]
    yield "\n### Real losses\n\nThe largest month's loss: of ROC AUC, of accuracy, or "
    yield "as a share of the reference's error. The contract allows a loss of so much, "
    yield "and the reference's day-to-day spread on top.\n\n"
    yield from table(
        (
            "rule", "world", "version", "from", "loss", "contract allows",
            "first alarm", "cause",
        ),
        [
            (
                name(row),
                row["world"],
                row["version"],
                row["from"],
                f"{row['loss']:.3f} {row['metric']}",
                "a static limit" if row["allowed"] is None else f"{row['allowed']:.2f}",
                f"day {row['days_to_find']}" if row["days_to_find"] else "none",
                row["cause"] or "-",
            )
            for row in rows
        ],
    )  # fmt: skip
    yield from _allowed(rows)


def _allowed(rows: Sequence[Facts]) -> Iterator[str]:
    """Say of the losses that raised no alarm because the contract lets them be."""
    for row in rows:
        if row["tool"] != "daywatch" or row["days_to_find"] or row["allowed"] is None:
            continue
        why = (
            f"because the contract allows {row['allowed']:.2f}: a loss is what the "
            "contract says"
            if row["loss"] < row["allowed"]
            else f"though the contract allows only {row['allowed']:.2f}"
        )
        yield f"\n{row['world']}, {row['from']} to {row['until']}: a loss of "
        yield f"{row['loss']:.3f} raised no alarm of Daywatch, {why}.\n"


def _faults(facts: Facts, split: str) -> Iterator[str]:
    yield "\n### Known faults\n\n"
    yield from table(
        (
            "fault", "rule", "in time", "anyway", "gross: same day", "median day",
            "90 % by day", "right cause", "right action", "wrong rollbacks",
        ),
        [
            (row["group"], name(row), *_columns(row))
            for row in sorted(facts["faults"], key=lambda row: row["group"])
            if row["split"] == split
        ],
    )  # fmt: skip


def _sizes(facts: Facts) -> Iterator[str]:
    yield "\n### Mild releases by size\n\nThe loss of AUC; version 4 is the one "
    yield "trained on weather 12 hours off.\n\n"
    yield from table(
        ("loss", "rule", "in 14 days", "median day", "right action"),
        [
            (
                "version 4" if row["release"] == "4" else f"{row['size']:g}",
                name(row),
                part(row["in_time"]),
                day(row["median_days"]),
                part(row["right_action"]),
            )
            for row in facts["sizes"]
        ],
    )


def _columns(row: Facts) -> tuple[str, ...]:
    is_quiet = row["group"] == QUIET
    return (
        part(row["in_time"]),
        part(row["anyway"]),
        part(row["gross_same_day"]),
        "-" if is_quiet else day(row["median_days"]),
        "-" if is_quiet else day(row["days_90"]),
        part(row["right_cause"]),
        part(row["right_action"]),
        str(row["wrong_rollbacks"]),
    )


def _aims(facts: Facts) -> str:
    """Hold Daywatch's evaluation against what was aimed for."""
    mine = [
        row
        for row in facts["faults"]
        if row["tool"] == "daywatch" and row["split"] == "evaluation"
    ]
    pages = [
        row["pages"]
        for row in facts["clean"]
        if (row["tool"], row["split"], row["world"])
        == ("daywatch", "evaluation", "all")
    ]
    gross = [row["gross_same_day"] for row in mine]
    mild = [row["in_time"] for row in mine if row["group"] == "mild release"]
    cause = [row["right_cause"] for row in mine]
    rows = [
        ("at most 1 false page a model-year", _met(pages, lambda v: v <= 1, rate=True)),
        ("every gross fault on its first day", _met(gross, lambda v: v == 1)),
        ("mild bad release (.02 to .04) within 14 days", _met(mild, lambda _: None)),
        ("right cause in 9 of 10 found", _met(cause, lambda v: v >= 0.9)),
        (
            "no rollback for a fault that is not of a release",
            _none(row["wrong_rollbacks"] for row in mine),
        ),
    ]
    return "## Aims, on the evaluation\n\n" + "".join(table(("aim", "Daywatch"), rows))


def _met(found: Sequence[Facts], is_met: Any, *, rate: bool = False) -> str:  # noqa: ANN401
    count, of = (sum(one[key] for one in found) for key in ("count", "of"))
    if not of:
        return "not asked"
    value = count / of * (365 if rate else 1)
    verdict = {True: "**met**: ", False: "**missed**: ", None: ""}[is_met(value)]
    told = (
        f"{value:.1f} ({count:.0f} in {of:.0f} days)"
        if rate
        else (f"{count:.0f} of {of:.0f} ({value:.0%})")
    )
    return verdict + told


def _none(counts: Iterable[int]) -> str:
    found = list(counts)
    if not found:
        return "not asked"
    return f"**missed**: {sum(found)}" if sum(found) else "**met**: none"


def _losses(facts: Facts) -> Iterator[str]:
    """List what Daywatch got wrong in the evaluation, and who did better."""
    quiet = {case.name for case in CASES if case.truth.is_silent}
    rows, asked = [], 0
    for row in facts["cases"]:
        said = row["said"].get("daywatch: pages")
        if said is None or row["split"] != "evaluation":
            continue
        asked += 1
        wrong = _wrong(said, is_quiet=row["case"] in quiet)
        if wrong:
            better = [
                rule
                for rule, other in row["said"].items()
                if other["is_in_time"] and not said["is_in_time"]
            ]
            rows.append((row["case"], row["kind"], wrong, ", ".join(better) or "-"))
    if not rows:
        yield f"Nowhere in the {asked} cases that were asked.\n"
        return
    yield f"{len(rows)} of {asked} cases of the evaluation. A rule that alarms on most "
    yield "clean days (see below) is in time by chance.\n\n"
    yield from table(("case", "kind", "what was wrong", "rules in time"), rows)


def _wrong(said: Facts, *, is_quiet: bool) -> str:
    wrongs = []
    if not said["is_in_time"]:
        late = said["days_to_find"]
        wrongs.append(
            "false alarm" if is_quiet else f"late: day {late}" if late else "not found"
        )
    if said["is_cause_right"] is False:
        wrongs.append(f"cause: {said['cause']}")
    if said["is_action_right"] is False and not is_quiet:
        wrongs.append("rollback" if said["rolled_back"] else "no rollback")
    return "; ".join(wrongs)


def _months(facts: Facts) -> Iterator[str]:
    yield from table(
        ("world", "version", "month", "metric", "value", "reference", "state"),
        [
            (
                row["world"],
                row["version"],
                row["month"],
                row["metric"],
                f"{row['value']:.4g}",
                f"{row['reference']:.4g}",
                row["state"],
            )
            for row in facts["months"]
        ],
    )
