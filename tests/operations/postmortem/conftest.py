"""A workspace with one judged day and an incident, and a site to publish to."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.builders import MODEL, make_incident
from tests.operations.days import FIRST, Look, at, write_workspace
from tests.operations.postmortem.atlassian import Site, serve


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """An Atlassian site on loopback, and the login to it."""
    monkeypatch.setenv("DAYWATCH_CONN_ATLASSIAN", "https://kim%40acme.com:token@x")
    with serve() as site:
        yield site


@pytest.fixture
def workspace(tmp_path: Path, site: Site) -> Iterator[Workspace]:
    """One judged day, and both channels."""
    home = write_workspace(tmp_path / "home")
    about = {"connection": "atlassian", "url": site.url}
    channels = {
        "tickets": {"kind": "jira", "project": "OPS", **about},
        "wiki": {"kind": "confluence", "space": "ML", **about},
    }
    settings = {"clock": "simulated", "channels": channels, "routes": []}
    (home / "daywatch.yaml").write_text(yaml.safe_dump(settings))
    with open_workspace(home) as workspace:
        Look().write(workspace, FIRST)
        yield workspace


@pytest.fixture
def incident(workspace: Workspace) -> Incident:
    """A P1 that the judgement of the day opened."""
    unit = Look(hour=7).write(workspace, FIRST)
    shown = make_incident(
        id=f"{MODEL}-model-{FIRST}",
        severity=Severity.P1,
        onset_day=FIRST,
        last_day=FIRST,
        opened_at=at(FIRST, 7),
    )
    return workspace.incidents.report(
        shown, text="it broke", detail={"evaluation": unit.key}
    )
