"""What a decision rests on, as the JSON that is kept with it. Pure."""

from dataclasses import asdict
from datetime import date

from monitoring_tasks.decide.persistence import Persistence
from monitoring_tasks.decide.severity import Graded
from monitoring_tasks.decide.symptoms import Diagnosis
from monitoring_tasks.domain.decisions import BLAMED, FIRST_GUESS, GROUNDS, ONSET
from monitoring_tasks.domain.impact import Impact
from monitoring_tasks.domain.json_values import JsonObject


def run_evidence(
    persistence: Persistence, onset: date | None, version_since: date | None
) -> JsonObject:
    """Return how long a judged day's breach has lasted, as plain JSON.

    Args:
        persistence: Bad days among the latest valid ones.
        onset: First bad day of its run; None where there is none.
        version_since: First day of the run of its version; None where nobody knows.
    """
    # Of a bad day only: an episode may outlast what is remembered of its release.
    since = version_since.isoformat() if onset and version_since else None
    return {
        "bad_days": persistence.bad_days,
        "of_days": persistence.of_days,
        ONSET: onset.isoformat() if onset else None,
        **({"version_since": since} if since else {}),
    }


def severity_evidence(
    graded: Graded, impact: Impact, diagnosis: Diagnosis | None
) -> JsonObject:
    """Return what severity and cause were chosen from, as plain JSON.

    Args:
        graded: The severity, and the rows of its table that apply.
        impact: What those rows were read from; kept only where one applies.
        diagnosis: The cause; None where there is none.
    """
    # Where no row applies nobody has to act, and nothing has to be explained.
    rows = {
        "severity": [asdict(rule) for rule in graded.rows],
        "impact": asdict(impact) | {"is_protected": impact.is_protected},
    }
    return {
        **(rows if graded.rows else {}),
        **({GROUNDS: list(diagnosis.evidence)} if diagnosis else {}),
        **({BLAMED: diagnosis.blamed} if diagnosis and diagnosis.blamed else {}),
        **({FIRST_GUESS: True} if diagnosis and diagnosis.is_guess else {}),
    }
