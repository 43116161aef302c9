"""Faults of several models at once, and of one group: drilled end to end."""

from pathlib import Path

import pytest

from tests.scenarios import world, worlds
from tests.scenarios.test_drills import digests, drill, judged, registry_rows

pytestmark = [*worlds.QUIET, pytest.mark.slow]
GAP = {
    "metric": "equal_opportunity_gap",
    "source": "fairness",
    "column": "gender",
    "max": 0.25,
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A copy of the judged world."""
    return world.copy(judged(), tmp_path / "home")


def test_outage_upstream_of_several_models_is_one_incident(home: Path) -> None:
    """Three clones of a model lose the same rows: one cause, one page, no rollback."""
    before = worlds.dump(home), registry_rows(home), digests(home)
    (record,) = drill(home, ["upstream_outage"])["drills"]
    assert (record["result"], record["days_to_find"]) == ("right", 1), record["why"]
    assert record["models"] == [f"{world.MODEL}-clone-{n}" for n in (1, 2, 3)]
    (incident,) = record["incidents"]
    for clone in record["models"]:
        assert clone in incident["title"]
    healthy, faulty = record["seen"][:2], record["seen"][2:]
    assert {(seen["verdict"], seen["remedy"]) for seen in healthy} == {("ok", "none")}
    assert {(seen["cause"], seen["remedy"]) for seen in faulty} == {
        ("common_cause", "incident")
    }
    assert (worlds.dump(home), registry_rows(home), digests(home)) == before


def test_models_that_broke_apart_from_each_other_share_no_cause(home: Path) -> None:
    """Fewer clones than the policy asks for are a coincidence; the drill says so."""
    alone = {"severity": {"common_models": 4}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "monitoring_tasks.operations.drills.fleet_drill.clones_of",
            lambda model, _: [f"{model}-clone-{number}" for number in (1, 2, 3)],
        )
        world.amend(home, "policy", **alone)
        (record,) = drill(home, ["upstream_outage"])["drills"]
    assert record["result"] == "wrong"
    assert record["incidents"] == []
    assert "expected common_cause" in record["why"]


def test_group_treated_worse_is_found_on_a_model_that_is_watched_for_it(
    home: Path,
) -> None:
    """Half of one group's accepted rows refused: the gap is past the promised one.

    Their scores suffer too, so that the version before ranks all rows better: once
    that is proven the model may be named, and before that only the slice.
    """
    objectives = [*world.CONTRACT["objectives"], GAP]
    world.write_contract(home, world.CONTRACT | {"objectives": objectives})
    (record,) = drill(home, ["biased_group"])["drills"]
    assert record["result"] == "right", record["why"]
    healthy, faulty = record["seen"][:2], record["seen"][2:]
    assert {seen["verdict"] for seen in healthy} == {"ok"}
    assert {seen["verdict"] for seen in faulty} == {"breach"}
    asked = [seen["cause"] for seen in faulty if seen["remedy"] != "none"]
    assert asked[0] == "segment"
    assert set(asked) <= {"segment", "model"}
