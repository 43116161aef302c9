"""Section `versions`: the versions concerned, side by side. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.root_cause import PackFacts, Section, VersionFacts

NAME = "versions"
NO_RUN = "no MLflow run is recorded with it"


def versions_section(facts: PackFacts) -> Section:
    """Return versions side by side, what differs first, and how they did on one day.

    Args:
        facts: The versions, as the registry has them; nothing is loaded.
    """
    compared = list(facts.evaluation.comparison_rows or ())
    missing = _missing(facts, compared)
    data = {
        "served": facts.evaluation.version or None,
        "versions": [_version(version) for version in facts.versions],
        "different": _different(facts.versions),
        "same_rows": compared,
    }
    return Section(
        name=NAME,
        command=facts.show_day,
        data=data if facts.versions or compared else None,
        missing=missing,
    )


def _missing(facts: PackFacts, compared: Sequence[JsonObject]) -> list[str]:
    missing = []
    if "versions" in facts.unread:
        missing.append(facts.unread["versions"])
    for version in facts.versions:
        name = f"version {version.version}"
        if version.run is None:
            missing.append(f"{name}: {version.reason or NO_RUN}")
            continue
        if not version.run.weights:
            why = version.run.reason or "carries none as artifact or tag"
            missing.append(f"{name}: feature importances: {why}")
        if not version.run.datasets:
            missing.append(f"{name}: its run names no data set")
    if not compared:
        missing.append("same rows: no other version was measured on the day's rows")
    else:
        missing += [
            f"same rows: version {line['version']}: {line['reason']}"
            for line in compared
            if line.get("gain") is None
        ]
    return missing


def _version(version: VersionFacts) -> JsonObject:
    run = version.run
    known: dict[str, Any] = {
        "version": version.version,
        "git_commit": version.git_commit or None,
        "tags": dict(version.tags),
        "run": None,
    }
    if run is not None:
        known["run"] = {
            "id": run.id,
            "name": run.name,
            "started_at": run.started_at and run.started_at.isoformat(),
            "params": dict(run.params),
            "metrics": dict(run.metrics),
            "tags": dict(run.tags),
            "datasets": [dict(dataset) for dataset in run.datasets],
            "weights": {name: dict(by) for name, by in run.weights.items()},
        }
    return known


def _different(versions: Sequence[VersionFacts]) -> list[JsonObject]:
    """Return what is not the same in all versions: kind, name, value by version."""
    lines: list[JsonObject] = []
    for kind in ("params", "metrics", "tags", "weights"):
        by_version = {v.version: _values(v, kind) for v in versions}
        names = sorted({name for values in by_version.values() for name in values})
        for name in names:
            told = {v: values.get(name) for v, values in by_version.items()}
            if len({repr(value) for value in told.values()}) > 1:
                lines.append({"kind": kind, "name": name, "by_version": told})
    return lines


def _values(version: VersionFacts, kind: str) -> Mapping[str, Any]:
    own = {"git_commit": version.git_commit, **version.tags} if kind == "tags" else {}
    if version.run is None:
        return own
    if kind == "weights":
        return {
            f"{source}: {feature}": weight
            for source, weights in version.run.weights.items()
            for feature, weight in weights.items()
        }
    by_kind: Mapping[str, Any] = {
        "params": version.run.params,
        "metrics": version.run.metrics,
        "tags": version.run.tags,
    }[kind]
    return {**by_kind, **own}
