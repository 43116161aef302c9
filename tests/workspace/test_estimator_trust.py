from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitoring_tasks.contract.trust import TrustPolicy
from monitoring_tasks.domain.trust import TrustVerdict
from monitoring_tasks.workspace.estimator_trust import load_trust
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.builders import COLUMNS
from tests.operations.days import write_workspace
from tests.store.label_days import FIRST, LabelDay, unit_at

AUC, NORTH = ("2", "all", "roc_auc"), ("2", "region=north", "roc_auc")
TODAY = FIRST + timedelta(days=20)
POLICY = TrustPolicy(min_days=5, window_days=20)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A model whose estimate of the north may be .03 off, and an excluded day."""
    home = write_workspace(
        tmp_path / "home",
        objectives=[
            {"metric": "roc_auc", "source": "estimated", "segment": NORTH[1]}
            | {"max_drop": 0.03}
        ],
        columns=COLUMNS | {"segments": ["region"]},
        policy={"excluded_days": [FIRST.isoformat()]},
    )
    with open_workspace(home) as opened:
        yield opened


def write_days(workspace: Workspace, look: LabelDay, days: int = 20) -> None:
    """Write the same look at so many days."""
    for offset in range(days):
        look.write(workspace.database, FIRST + timedelta(days=offset))


def test_trust_is_earned_by_mature_days_that_are_not_excluded(
    workspace: Workspace,
) -> None:
    """Of 20 days one is excluded and one has too few labels."""
    write_days(workspace, LabelDay(realized=0.74))
    LabelDay(realized=0.1, labelled=70, hour=7).write(
        workspace.database, FIRST + timedelta(days=3)
    )
    trust = load_trust(workspace, unit_at(TODAY), POLICY)
    assert list(trust) == [AUC]
    assert trust[AUC].verdict is TrustVerdict.TRUSTED
    assert trust[AUC].days == 18


def test_each_segment_of_an_objective_is_trusted_by_itself(
    workspace: Workspace,
) -> None:
    """What matters is the largest drop its own objective allows."""
    write_days(
        workspace,
        LabelDay(
            estimated=0.79, realized=0.75, segments=("all", "region=north", "x=y")
        ),
    )
    wide = TrustPolicy(min_days=5, window_days=20, coverage=0.0)
    trust = load_trust(workspace, unit_at(TODAY), wide)
    assert set(trust) == {AUC, NORTH}
    assert trust[AUC].verdict is TrustVerdict.TRUSTED
    assert trust[NORTH].verdict is TrustVerdict.DEMOTED


def test_day_itself_and_what_was_known_later_do_not_count(workspace: Workspace) -> None:
    """A day must not vouch for its own estimate."""
    write_days(workspace, LabelDay(), days=8)
    unit = LabelDay(version="3").write(workspace.database, TODAY)
    LabelDay(age=30, realized=0.1).write(workspace.database, FIRST + timedelta(days=2))
    trust = load_trust(workspace, unit, POLICY)
    assert (trust[AUC].days, trust[AUC].bias) == (7, pytest.approx(0.05))
    new = trust["3", "all", "roc_auc"]
    assert (new.verdict, new.days) == (TrustVerdict.UNTESTED, 0)


def test_window_bounds_how_far_back_days_count(workspace: Workspace) -> None:
    """The fifth day before is in, the sixth is not."""
    write_days(workspace, LabelDay())
    policy = TrustPolicy(min_days=5, window_days=5)
    assert load_trust(workspace, unit_at(TODAY), policy)[AUC].days == 5


def test_nothing_is_known_of_a_model_that_was_never_looked_at(
    workspace: Workspace,
) -> None:
    """No day, no trust and no distrust."""
    assert load_trust(workspace, unit_at(TODAY), POLICY) == {}
