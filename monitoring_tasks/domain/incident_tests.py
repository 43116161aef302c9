"""What an incident leaves behind so that it is found the next time: a test."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitoring_tasks.domain.json_values import JsonObject


class IncidentTestKind(StrEnum):
    """What is held when the test is run.

    `expectation`: it stands in the suite. `limit`: the contract has another value than
    was in force. `drill`: a named fault gets the right answer. `replay`: the incident's
    own frozen day gets the same answer.
    """

    EXPECTATION = "expectation"
    LIMIT = "limit"
    DRILL = "drill"
    REPLAY = "replay"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentTest:
    """A test an incident has left behind.

    Attributes:
        id: Stable text id: the incident's, and the number of the test.
        incident: Id of the incident.
        model: Registered model name.
        kind: What is held.
        target: What it is held of: `suite:expectation`, a key of the contract, a
            fault, an ISO day.
        detail: What is expected, JSON only: the value that was in force, the size of
            the fault, verdict and cause of the day.
        created_at: When it was left; aware.
        created_by: By whom.
    """

    id: str
    incident: str
    model: str
    kind: IncidentTestKind
    target: str
    detail: JsonObject
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentTestResult:
    """What came of a test an incident has left behind.

    Attributes:
        test: The test.
        passed: Whether it held; what could not be tried did not.
        text: What was seen, a sentence.
    """

    test: IncidentTest
    passed: bool
    text: str
