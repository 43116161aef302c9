"""Which versions may have scored rows that state another."""

from datetime import timedelta

import pytest

from monitoring_tasks.compare.versions.candidates import Candidate, likely_scorers
from monitoring_tasks.domain.releases import ServedDay
from tests.builders import DAY

REGISTERED = [
    Candidate(version=version, is_withdrawn=version == "3")
    for version in ("10", "4", "3", "2", "1")
]
SERVED = [
    ServedDay(day=DAY - timedelta(days=ago), version=version, in_breach=version == "3")
    for ago, version in ((9, "1"), (5, "3"), (1, "4"))
]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        pytest.param(["4"], ["3", "1", "10", "2"], id="one version"),
        pytest.param(["4", "2"], ["2", "3", "1", "10"], id="two versions"),
    ],
)
def test_versions_are_tried_by_how_likely_they_scored(
    stated: list[str], expected: list[str]
) -> None:
    """Stated by other rows, then served lately, withdrawn or not, then the newest."""
    assert likely_scorers("4", REGISTERED, SERVED, stated=stated) == expected
