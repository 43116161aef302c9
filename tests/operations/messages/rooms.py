"""A workspace with channels, and incidents in it; what several tests stand on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from monitoring_tasks.clock import Clock
from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.builders import MODEL, NOW, make_incident, raw_contract


@dataclass
class Hands:
    """A clock whose hands a test moves.

    Attributes:
        at: What time it is.
    """

    at: datetime = NOW

    def now(self) -> datetime:
        """Return what time it is."""
        return self.at

    def move(self, **span: float) -> None:
        """Let time pass, or go back."""
        self.at += timedelta(**span)


@dataclass
class Room:
    """A workspace and its clock.

    Attributes:
        workspace: The workspace.
        hands: Its clock.
    """

    workspace: Workspace
    hands: Hands = field(default_factory=Hands)

    @property
    def clock(self) -> Clock:
        """The clock, as workers are handed it."""
        return self.hands  # type: ignore[return-value]  # it has all they ask for

    def report(self, **parts: Any) -> Incident:  # noqa: ANN401 (parts of an incident)
        """Report an incident as a live day does; a P1 if nothing else is said."""
        shown = make_incident(**{"severity": Severity.P1} | parts)
        return self.workspace.incidents.report(shown, text="it broke", detail={})


@contextmanager
def room(
    home: Path, channels: dict[str, Any], *, contract: object = None, **settings: object
) -> Iterator[Room]:
    """Open a workspace with channels, all of which hear of everything at once."""
    folder = home / "expectations" / MODEL
    folder.mkdir(parents=True, exist_ok=True)
    parts = contract if isinstance(contract, dict) else {}
    (folder / "monitor.yaml").write_text(yaml.safe_dump(raw_contract(**parts)))
    routes = [{"to": list(channels)}]
    written = {"channels": channels, "routes": routes} | settings
    (home / "daywatch.yaml").write_text(yaml.safe_dump(written))
    with open_workspace(home) as workspace:
        yield Room(workspace)
