from types import SimpleNamespace
from typing import Any

import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.decide.step import DriftCauses, decide_day
from monitoring_tasks.domain.decisions import Decision
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.errors import SourceUnavailableError
from monitoring_tasks.workspace.day import Day
from tests.builders import DAY, MODEL, NOW, make_contract, make_finding

NO_CAUSES = DriftCauses(
    predicted_effects=lambda *_, **__: (),
    lost_value=lambda *_, **__: None,
    drift_effects=lambda *_: (),
)


def registry(error: Exception | None = None) -> Any:  # noqa: ANN401 (a stand-in)
    """A registry whose one alias is `champion`, or that raises."""

    def aliases(_: str) -> dict[str, str]:
        if error is not None:
            raise error
        return {"champion": "1"}

    return SimpleNamespace(
        aliases=aliases, alias_version=lambda *_: "1" if error is None else aliases("")
    )


def good_day(contract: Contract, *, mode: Mode, error: Exception | None = None) -> Day:
    """A good day of a model, its parts already read."""
    workspace: Any = SimpleNamespace(
        registry=registry(error),
        journal=SimpleNamespace(last_applied=lambda *_: None),
        results=SimpleNamespace(current=lambda *_: [], save_decision=lambda *_: None),
    )
    unit = Unit(model=MODEL, day=DAY, as_of=NOW, mode=mode)
    day = Day(workspace, unit)
    day.__dict__ |= {
        "contract": contract,
        "evaluation": Evaluation(unit=unit, version="1", data_verdict=Verdict.OK),
        "numbers": (make_finding(Verdict.OK),),
    }
    return day


@pytest.mark.parametrize(
    ("mode", "parts", "count"),
    [
        pytest.param(Mode.LIVE, {"alias": "Champion"}, 1, id="named and absent"),
        pytest.param(Mode.DRY_RUN, {"alias": "Champion"}, 1, id="dry run"),
        pytest.param(Mode.BACKFILL, {"alias": "Champion"}, 0, id="the past"),
        pytest.param(Mode.LIVE, {"alias": "champion"}, 0, id="there"),
        pytest.param(Mode.LIVE, {}, 0, id="nobody relies on it"),
    ],
)
def test_a_day_says_that_the_alias_it_relies_on_is_absent(
    mode: Mode, parts: dict[str, object], count: int
) -> None:
    """A reason is added; the verdict stays."""
    decision = decide_day(good_day(make_contract(**parts), mode=mode), causes=NO_CAUSES)
    assert decision.verdict is Verdict.OK
    assert sum("no alias 'Champion'" in text for text in decision.reasons) == count


def test_a_day_does_not_wait_for_a_registry_that_is_down() -> None:
    """Its verdict stands without the alias."""
    contract = make_contract(alias="Champion")
    day = good_day(contract, mode=Mode.LIVE, error=SourceUnavailableError("down"))
    decision = decide_day(day, causes=NO_CAUSES)
    assert decision.verdict is Verdict.OK
    assert not any("Champion" in text for text in decision.reasons)


def test_what_earlier_steps_add_is_kept() -> None:
    """An annotation adds to the decision, and the day remembers the whole of it."""
    day = good_day(make_contract(), mode=Mode.BACKFILL)

    def annotate(_: Day, decision: Decision) -> Decision:
        return Decision(
            verdict=decision.verdict,
            performance=decision.performance,
            confirmed=decision.confirmed,
            reasons=(*decision.reasons, "added"),
        )

    decision = decide_day(day, causes=NO_CAUSES, annotations=[annotate])
    assert decision.reasons[-1] == "added"
    assert day.evaluation.decision == decision
