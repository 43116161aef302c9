import json
from pathlib import Path

from monitoring_tasks.operations.incident_export import export_incident
from monitoring_tasks.operations.incidents import acknowledge_incident, said_now
from tests.builders import make_incident
from tests.operations.messages.rooms import room


def test_a_record_is_whole(tmp_path: Path) -> None:
    """Time line, chain, people, spans and duties, as plain JSON."""
    incident = make_incident()
    with room(tmp_path, {}, routes=[], contract={"tier": 1}) as here:
        here.report()
        entry = said_now(here.workspace, "on it", actor="kim")
        acknowledge_incident(here.workspace, incident.id, entry)
        out = export_incident(here.workspace, incident.id, tmp_path / "record.json")
    record = json.loads(out.read_text())
    assert (record["record_version"], record["chain_is_sound"]) == (1, True)
    assert (record["assignee"], record["tier"]) == ("kim", 1)
    assert [event["number"] for event in record["events"]] == [1, 2, 3]
    assert [span["name"] for span in record["took"]] == [
        "detect",
        "acknowledge",
        "mitigate",
        "resolve",
    ]
    assert record["duties"]["triage"]["answers"] == ["model_owner"]
