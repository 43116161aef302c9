"""The tables of a root-cause pack."""

from collections.abc import Mapping
from typing import Any

from monitoring_tasks.cli.output import console, number, print_table
from monitoring_tasks.cli.terminal import assembled
from monitoring_tasks.respond.root_cause.shares import MOST_PARTS

Data = Mapping[str, Any]
SHOWN = 6
"""Lines of a table; all of them are in the file."""
SHORT = 12
LONGEST = 40
TITLES = {
    "distributions": "what moved",
    "segments": "where the loss sits",
    "versions": "versions side by side",
    "checks": "checks that did not hold",
    "lineage": "where the rows came from",
    "changes": "what was changed before",
}


def print_pack(pack: Data) -> None:
    """Print what a pack says, section after section, and what each could not tell."""
    about = pack["incident"]
    console.print(
        assembled((about["id"], "bold"), f" {about['severity']}: {about['title']}")
    )
    console.print(f"judged {pack['evaluation']}, frozen {pack['made_at']}")
    for name, section in pack["sections"].items():
        console.print()
        console.print(assembled((TITLES.get(name, name), "bold")))
        if section["data"] is not None and name in PRINTERS:
            PRINTERS[name](section["data"])
        for text in section["missing"]:
            console.print(f"- not told: {text}")
        console.print(assembled((f"again: {section['command']}", "dim")))


def _distributions(data: Data) -> None:
    rows = [
        [
            column["column"],
            _of_limit(column["of_limit"]),
            number(column["index"]),
            number(column["effect"]),
            _moved_most(column["parts"]),
        ]
        for column in data["columns"][:SHOWN]
    ]
    after = data["after"]["days"]
    title = f"{data['before']['what']} against {', '.join(after)}"
    print_table(title, ("column", "of its limit", "PSI", "effect", "moved most"), rows)
    console.print(f"ranked by {data['ranked_by']}")


def _of_limit(multiple: float | None) -> str:
    return "-" if multiple is None else f"{multiple:.0%}"


def _moved_most(parts: list[Data]) -> str:
    # Parts that are pooled, the last line, say nothing by their name.
    named = parts[:-1] if len(parts) > MOST_PARTS else parts
    part = max(named, key=lambda line: line["adds"])
    return f"{_short(part['part'])}: {part['before']:.0%} -> {part['after']:.0%}"


def _segments(data: Data) -> None:
    if data["declared"]:
        loss = str(data["declared"]["loss"]).replace("_", " ")
        rows = [
            [
                _short(line["segment"]),
                f"{line['rows']:,}",
                number(line["loss_before"]),
                number(line["loss"]),
                "-" if line["share"] is None else f"{line['share']:.0%}",
            ]
            for lines in data["declared"]["columns"].values()
            for line in lines[:SHOWN]
        ]
        columns = ("segment", "rows", f"{loss} before", "now", "of the loss")
        print_table("declared segments", columns, rows, unbroken=columns[1:])
    if data["searched"]:
        rows = [
            [
                line["rule"],
                f"{line['rows']:,}",
                number(line["value"]),
                number(line["elsewhere"]),
                f"{line['share_of_loss'] or 0:.0%}",
            ]
            for line in data["searched"]["segments"][:SHOWN]
        ]
        metric = str(data["searched"]["metric"]).replace("_", " ")
        columns = ("segment", "rows", metric, "elsewhere", "of all loss")
        print_table("segments that were searched", columns, rows, unbroken=columns[1:])


def _versions(data: Data) -> None:
    versions = [v["version"] for v in data["versions"]]
    rows = [
        [
            f"{line['kind']}: {_short(line['name'])}",
            *(_value(line["by_version"].get(v)) for v in versions),
        ]
        for line in data["different"][: 2 * SHOWN]
    ]
    if rows:
        heads = [f"version {v}" for v in versions]
        print_table("what is not the same", ("", *heads), rows)
    for line in data["same_rows"]:
        if line.get("gain") is None:
            continue
        console.print(
            f"version {line['version']} on the same {line['rows']:,} rows: "
            f"{line['metric']} {number(line['candidate'])} against "
            f"{number(line['champion'])}, gain {number(line['gain'])} "
            f"[{number(line['lower'])}, {number(line['upper'])}]"
        )


def _value(value: object) -> str:
    if value is None:
        return "-"
    return number(value) if isinstance(value, float) else _short(str(value), SHORT)


def _checks(data: Data) -> None:
    console.print(f"{data['verdict']}: {data['reason']}")
    rows = [
        [
            f"{check['gate']}: {check['name']}",
            check["column"] or "-",
            check["severity"],
            check["observed"] or "-",
        ]
        for check in data["not_passed"][:SHOWN]
    ]
    if rows:
        print_table(
            f"{len(data['not_passed'])} of {data['made']} checks",
            ("check", "column", "weight", "observed"),
            rows,
        )
    for check in data["not_passed"][:SHOWN]:
        if check["failing_ids"]:
            ids = ", ".join(map(str, check["failing_ids"]))
            console.print(f"{check['name']} {check['column']}: ids {ids}")


def _lineage(data: Data) -> None:
    for partition in data["partitions"]:
        newest = partition["latest_row_at"] or "-"
        console.print(
            f"{partition['kind']}: {partition['rows']:,} rows, digest "
            f"{partition['digest'][:SHORT]}, latest row {newest}"
        )
        console.print(f"  {partition['query']}")
        console.print(f"  {partition['path']}", soft_wrap=True)
    if data["assets"]:
        console.print(f"Airflow assets: {', '.join(data['assets'])}")
    # Packs that were frozen before runs were kept have none.
    runs = data.get("airflow") or {"run": None, "upstream": []}
    if runs["run"]:
        tried = runs["run"]["try_number"]
        console.print(f"Airflow run: {_run(runs['run'])}, try {tried}")
    for run in runs["upstream"]:
        console.print(f"- {run['asset']}, {run['at'][:16]}: {_run(run)}")


def _run(run: Data) -> str:
    if run["run_id"] is None:
        return "by no run of Airflow"
    return f"{run['dag_id']}, {run['run_id']}, task {run['task_id']}"


def _changes(data: Data) -> None:
    for release in data["releases"]:
        console.print(
            f"- {release['day']}: version {release['version']} serves, "
            f"{release['replaced']} before"
        )
    for move in data["moves"][-SHOWN:]:
        console.print(
            f"- {move['at'][:16]} {move['alias']} {move['what']}: version "
            f"{move['from'] or '?'} to {move['to']}, by {move['by']}"
        )
    for version in data["registered"]:
        at = version["started_at"][:16]
        console.print(f"- {at} version {version['version']} was trained")
    for kind in ("files", "libraries"):
        for line in data[f"{kind}_changed"] or ():
            before, now = _value(line["before"]), _value(line["now"])
            console.print(f"- {line['name']}: {before} before, {now} now")


def _short(text: str, longest: int = LONGEST) -> str:
    return text if len(text) <= longest else f"{text[:longest]}…"


PRINTERS = {
    "distributions": _distributions,
    "segments": _segments,
    "versions": _versions,
    "checks": _checks,
    "lineage": _lineage,
    "changes": _changes,
}
