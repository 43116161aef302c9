"""The parts of the results about budgets, drifted sets and fleets."""

from collections.abc import Iterator

from benchmarks.judgement.tables import Facts, interval, name, part, table


def matches(facts: Facts) -> Iterator[str]:
    """Compare the tools at the same number of alarms on clean days."""
    yield "A peer's rule is made stricter here, by the least number of alerts a day, "
    yield "until it alarms on no larger a share of a world's clean days than Daywatch "
    yield "does. The number is chosen on the very days it is judged by, for each world "
    yield "by itself: in the peers' favour. A tool that stops still calls.\n\n"
    yield from table(
        ("fault", "rule", "in time"),
        [
            (row["group"], name(row), part(row["in_time"]))
            for row in sorted(facts["matched"], key=lambda row: row["group"])
        ],
    )
    yield "\nWhat it took:\n\n"
    yield from table(
        ("rule", "world", "Daywatch's alarm days", "alerts needed", "its alarm days"),
        [
            (
                name(row),
                row["world"],
                f"{row['budget']:.1%}",
                str(row["least"]),
                part(row["alarm_days"]),
            )
            for row in facts["matched_rules"]
        ],
    )


def ledger(facts: Facts, split: str) -> Iterator[str]:
    """Show Daywatch's clean days as its own incident ledger counts them."""
    yield "\nThe same days in Daywatch's own ledger, where a P0 or P1 pages once and "
    yield "stays open until a person closes it (nobody closes any here), and a P2 "
    yield "pages nobody:\n\n"
    yield from table(
        ("world", "incidents opened a model-year", "pages a model-year"),
        [
            (row["world"], interval(row["opened"]), interval(row["paged"]))
            for row in facts["ledger"]
            if row["split"] == split
        ],
    )


def drifts(facts: Facts) -> Iterator[str]:
    """Show what was made of the drifts that NannyML put into its own sets."""
    yield "\n### Sets drifted by their makers\n\nThe mean loss from that day on, below "
    yield "0 a gain; the share of days with an alarm before and after. Where little is "
    yield "lost, whether an alarm is right depends on what is asked: they count as "
    yield "neither clean nor, below .05, bad.\n\n"
    yield from table(
        ("rule", "world", "from", "loss", "before", "after", "first alarm", "cause"),
        [
            (
                name(row),
                row["world"],
                row["from"],
                f"{row['loss']:.3f}",
                part(row["before"]),
                part(row["after"]),
                f"day {row['first']}" if row["first"] else "none",
                row["cause"] or "-",
            )
            for row in facts["drifted"]
        ],
    )


def fleets(facts: Facts) -> Iterator[str]:
    """Show faults in several models at once."""
    yield "\n### One fault, three models\n\nThree models with one upstream, two faulty "
    yield "days; the same faults in one of the three, for contrast. Daywatch runs live "
    yield "and its pages are its ledger's; of a peer, a model it calls about on the "
    yield "first day is a page. Right is one incident, opened on the first day, that "
    yield "names every model hit and no other; of one model's fault, none.\n\n"
    yield from table(
        ("case", "rule", "models hit", "pages", "named together", "right"),
        [
            (
                row["case"],
                name(row),
                str(row["hit"]),
                str(row["pages"]),
                str(row["named"]) if "named" in row else "-",
                {True: "yes", False: "no", None: "-"}[row["right"]],
            )
            for row in facts["fleet"]
        ],
    )
