from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitoring_tasks.compare.limit_checks import undetectable
from monitoring_tasks.domain.reference import DailyNoise
from monitoring_tasks.errors import NoDataError
from monitoring_tasks.operations.checks.limit_noise_checks import check_limits
from monitoring_tasks.operations.policy.limit_basis_of_model import limit_basis_of
from monitoring_tasks.operations.policy.observed_alarms import achieved
from monitoring_tasks.operations.policy.policies import explain
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.builders import MODEL, make_reference
from tests.operations.days import AUC, FIRST, Look, write_workspace

NOISE = DailyNoise(mean=0.7, spread=0.03, days=42, sampling=0.02, rows=100)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A model whose version 2 knows the noise of one of its two objectives."""
    home = write_workspace(
        tmp_path / "home",
        objectives=[AUC | {"max_drop": 0.01}, AUC | {"metric": "f1", "min": 0.1}],
    )
    with open_workspace(home) as opened:
        known = make_reference(version="2", noise={"realized/roc_auc//all": NOISE})
        opened.references._profiles[MODEL, "2"] = known
        yield opened


def write_days(workspace: Workspace, look: Look, days: int = 20) -> None:
    """Write the same look at so many days."""
    for offset in range(days):
        look.write(workspace, FIRST + timedelta(days=offset))


def test_numbers_are_drawn_as_reference_and_days_tell(workspace: Workspace) -> None:
    """Pools lay .6 below their days; what has no reference is left out, with a reason.

    Without intervals the reference tells how large sampling errors are.
    """
    write_days(workspace, Look())
    basis = limit_basis_of(workspace, MODEL)
    (monitored,) = basis.monitored
    assert monitored.shifts == {7: pytest.approx(-0.6)}
    assert (monitored.noise, monitored.sampling) == (NOISE, 0.02)
    assert monitored.baselines == {1: NOISE, 7: NOISE, 28: NOISE}
    ((objective, why),) = basis.left_out
    assert (objective.metric, why) == ("f1", "the reference has too few days of it")
    assert basis.labels_known


def test_few_pools_tell_nothing(workspace: Workspace) -> None:
    """Thirteen days do not say how a pool differs from the mean of its days."""
    write_days(workspace, Look(), days=13)
    assert limit_basis_of(workspace, MODEL).monitored[0].shifts == {}


@pytest.mark.parametrize(
    "look",
    [
        pytest.param(Look(labelled=79), id="too few"),
        pytest.param(Look(hour=9), id="after the schedule"),
    ],
)
def test_labels_that_come_late_are_not_counted_on(
    workspace: Workspace, look: Look
) -> None:
    """Estimates then speak as well."""
    write_days(workspace, look)
    assert not limit_basis_of(workspace, MODEL).labels_known


def test_nothing_is_said_of_a_model_nobody_knows(workspace: Workspace) -> None:
    """No day, or no reference: an error for whoever asks, silence for `check`."""
    with pytest.raises(NoDataError, match="no day of flights has been judged"):
        limit_basis_of(workspace, MODEL)
    assert check_limits(workspace, MODEL) == ([], [])
    write_days(workspace, Look(), days=1)
    workspace.references._profiles[MODEL, "2"] = None
    with pytest.raises(NoDataError, match="version 2 of flights has no reference"):
        explain(workspace, MODEL)
    assert check_limits(workspace, MODEL) == ([], [])


def test_loss_no_horizon_can_tell_is_undetectable(workspace: Workspace) -> None:
    """Healthy months differ by more than .01; the note names what can be told."""
    write_days(workspace, Look())
    (note,) = undetectable(limit_basis_of(workspace, MODEL))
    assert "realized roc_auc: a loss of 0.01 can never be told from chance" in note


def test_history_counts_real_days_with_an_exact_interval(workspace: Workspace) -> None:
    """20 of 20 days in one long breach: one page, and 12.2 to 30.9 by Garwood."""
    write_days(workspace, Look())
    found = achieved(limit_basis_of(workspace, MODEL))
    years = found["days"] / 365
    counted = found["breaches"]
    assert [found[key]["count"] for key in ("breaches", "confirmed", "pages")] == [
        20, 20, 1,
    ]  # fmt: skip
    assert counted["lower"] * years == pytest.approx(12.217, abs=0.001)
    assert counted["upper"] * years == pytest.approx(30.888, abs=0.001)
