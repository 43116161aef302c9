"""Section `changes`: what was changed before it broke. Pure."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import pairwise

from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.root_cause import LOOK_BACK_DAYS, PackFacts, Section

NAME = "changes"


def changes_section(facts: PackFacts) -> Section:
    """Return moves, releases, and files and libraries that are not what they were.

    Args:
        facts: Journal, earlier days, digests of files and the pack made before.
    """
    missing = [facts.unread["journal"]] if "journal" in facts.unread else []
    before = _told_before(facts.previous)
    if facts.previous is None:
        missing.append(
            "contract, suites and libraries: no earlier pack of this model to hold "
            "them against; from the next incident on this one serves"
        )
    return Section(
        name=NAME,
        command=f"daywatch journal list {facts.evaluation.model} --json",
        data={
            "look_back_days": LOOK_BACK_DAYS,
            "moves": _moves(facts),
            "releases": _releases([*facts.earlier, facts.evaluation]),
            "registered": _registered(facts),
            "files": dict(facts.files),
            "files_changed": _changed(before.get("files"), facts.files),
            "libraries": dict(facts.libraries),
            "libraries_changed": _changed(before.get("libraries"), facts.libraries),
            "held_against": before.get("digest_of"),
        },
        missing=missing,
    )


def _told_before(previous: Mapping[str, object] | None) -> dict[str, JsonObject]:
    if previous is None:
        return {}
    sections = previous["sections"]
    data = sections[NAME]["data"] if isinstance(sections, Mapping) else None
    return {**(data or {}), "digest_of": previous["incident"]["id"]}  # type: ignore[index]  # plain JSON


def _moves(facts: PackFacts) -> list[JsonObject]:
    since = facts.evaluation.as_of - timedelta(days=LOOK_BACK_DAYS)
    return [
        {
            "number": line.number,
            "at": line.at.isoformat(),
            "what": line.state,
            "alias": line.alias,
            "from": line.from_version or None,
            "to": line.to_version,
            "by": line.actor,
            "reason": line.reason,
        }
        for line in facts.journal
        if line.at >= since
    ]


def _releases(days: Sequence[Evaluation]) -> list[JsonObject]:
    """Return the days on which another version served than on the day before it."""
    served = [(e.day, e.version) for e in days if e.version]
    return [
        {"day": day.isoformat(), "version": now, "replaced": before}
        for (_, before), (day, now) in pairwise(served)
        if before != now
    ]


def _registered(facts: PackFacts) -> list[JsonObject]:
    since = facts.evaluation.as_of - timedelta(days=LOOK_BACK_DAYS)
    return [
        {
            "version": v.version,
            "run": v.run.id,
            "started_at": v.run.started_at.isoformat(),
        }
        for v in facts.versions
        if v.run and v.run.started_at and v.run.started_at >= since
    ]


def _changed(
    before: Mapping[str, str] | None, now: Mapping[str, str]
) -> list[JsonObject] | None:
    """Return what differs; None where nothing is known of before."""
    if before is None:
        return None
    return [
        {"name": name, "before": before.get(name), "now": now.get(name)}
        for name in sorted({*before, *now})
        if before.get(name) != now.get(name)
    ]
