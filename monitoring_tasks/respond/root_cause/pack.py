"""The root-cause pack of an incident, as one JSON document with a digest. Pure."""

import math
from collections.abc import Mapping
from typing import Any

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.json_values import JsonObject, plain_json
from monitoring_tasks.domain.root_cause import SCHEMA, PackFacts
from monitoring_tasks.respond.root_cause.changes import changes_section
from monitoring_tasks.respond.root_cause.checks import checks_section
from monitoring_tasks.respond.root_cause.distributions import distributions_section
from monitoring_tasks.respond.root_cause.lineage import lineage_section
from monitoring_tasks.respond.root_cause.segments import segments_section
from monitoring_tasks.respond.root_cause.versions import versions_section


def make_pack(facts: PackFacts, contract: Contract) -> dict[str, Any]:
    """Return the pack of an incident, JSON only; every section says what it lacks.

    Args:
        facts: What was so when the incident opened.
        contract: What is expected of the model.
    """
    incident, evaluation = facts.incident, facts.evaluation
    sections = (
        distributions_section(facts),
        segments_section(facts),
        versions_section(facts),
        checks_section(facts),
        lineage_section(facts, contract),
        changes_section(facts),
    )
    document: dict[str, Any] = _finite(
        plain_json(
            {
                "schema": SCHEMA,
                "incident": {
                    "id": incident.id,
                    "model": incident.model,
                    "cause": incident.cause,
                    "severity": incident.severity,
                    "version": incident.version,
                    "onset_day": incident.onset_day,
                    "opened_at": incident.opened_at.isoformat(),
                    "title": incident.title,
                },
                "evaluation": evaluation.key,
                "day": evaluation.day,
                "made_at": facts.made_at.isoformat(),
                "reasons": evaluation.reasons,
                "command": f"daywatch pack {incident.id} --rebuild",
                "sections": {section.name: section.to_json() for section in sections},
            }
        )
    )
    return document


def _finite(value: Any) -> Any:  # noqa: ANN401 (any JSON)
    """Return JSON with null for what is no number: a file others read has no NaN."""
    if isinstance(value, dict):
        return {name: _finite(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_finite(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def missing_in(pack: Mapping[str, Any]) -> list[str]:
    """Return the names of the sections that could tell nothing at all."""
    sections: Mapping[str, JsonObject] = pack["sections"]
    return [name for name, section in sections.items() if section["data"] is None]


def different_sections(frozen: JsonObject, rebuilt: JsonObject) -> list[str]:
    """Return the names of the sections that say something else now.

    Args:
        frozen: The pack as it was frozen.
        rebuilt: The same, made again.
    """
    names = sorted({*frozen["sections"], *rebuilt["sections"]})
    return [n for n in names if frozen["sections"].get(n) != rebuilt["sections"].get(n)]
