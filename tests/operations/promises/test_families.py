"""Every family of checks has a promise or a reason why it has none."""

from dataclasses import replace
from typing import Any

import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.operations.promises.families import families_of
from tests.scenarios import world


@pytest.fixture(scope="module")
def families(reference: ReferenceProfile, contract: Contract) -> dict[str, Any]:
    """What the small world's checks promise, with an objective that was simulated."""
    rates = {"breaches": {"value": 2.0}, "pages": {"value": 0.5}}
    objective = {
        "objective": "realized roc_auc",
        "per_year": rates,
        "finds": [
            {"within_days": 1, "breach": 0.09, "page": None},
            {"within_days": 7, "breach": 0.07, "page": 0.08},
            {"within_days": 28, "breach": 0.05, "page": 0.06},
        ],
    }
    return families_of(reference, contract, [objective])


def test_every_family_is_there_by_itself(families: dict[str, Any]) -> None:
    """In the order in which they are printed."""
    named = list(dict.fromkeys(p["family"] for p in families["promises"]))
    assert named == [
        "realized metrics",
        "drift of inputs",
        "drift of outputs",
        "batch against reference",
        "relations",
        "decisions and scores",
        "copies",
        "labels",
        "releases",
    ]


def test_sizes_never_grow_with_the_days(families: dict[str, Any]) -> None:
    """A change that is told within a week is told within four; none is told for 0."""
    for promise in families["promises"]:
        sizes = [promise["within_7_days"], promise["within_28_days"]]
        assert all(size is not None and size > 0 for size in sizes), promise
        assert sizes[0] >= sizes[1], promise


def test_objectives_stand_beside_the_other_families(families: dict[str, Any]) -> None:
    """What was simulated of them is not worked out again."""
    first = families["promises"][0]
    assert (first["family"], first["check"]) == ("realized metrics", "roc_auc")
    assert (first["on_the_day"], first["within_7_days"]) == (0.09, 0.08)
    assert (first["false_days"], first["false_alarms"]) == (2.0, 0.5)


def test_what_is_off_or_unknown_says_so(
    reference: ReferenceProfile, contract: Contract
) -> None:
    """No promise is made for a check that is not asked."""
    unlabelled = {k: n for k, n in reference.noise.items() if "realized" not in k}
    bare = replace(reference, baseline=None, noise=unlabelled)
    families = families_of(bare, contract, [])
    assert {p["family"] for p in families["promises"]} == {
        "drift of inputs",
        "drift of outputs",
    }
    left_out = {skipped["family"] for skipped in families["left_out"]}
    assert {"batch against reference", "labels", "releases"} <= left_out


def test_releases_that_are_not_compared_have_no_promise(
    reference: ReferenceProfile,
) -> None:
    """The reason names the key."""
    policy = {"versions": {"when": "breach"}}
    asked = Contract.model_validate(world.CONTRACT | {"policy": policy})
    families = families_of(replace(reference, baseline=None), asked, [])
    assert all(p["family"] != "releases" for p in families["promises"])
    (why,) = (s["why"] for s in families["left_out"] if s["family"] == "releases")
    assert "policy.versions.when" in why
