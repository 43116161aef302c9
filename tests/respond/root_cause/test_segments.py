from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from monitoring_tasks.respond.root_cause.losses import Loss, added
from monitoring_tasks.respond.root_cause.segments import explained, segments_section
from tests.builders import DAY, NOW, make_evaluation, make_unit
from tests.respond.root_cause.packs import make_facts, scored

BEFORE = DAY - timedelta(days=1)


def drawn(random: np.random.Generator) -> dict[str, Loss]:
    """Draw the losses of some of four segments, at least one."""
    names = random.choice(list("abcd"), random.integers(1, 5), replace=False)
    return {
        str(name): Loss(rows=int(random.integers(1, 999)), total=random.random() * 999)
        for name in names
    }


@pytest.mark.parametrize("seed", range(40))
def test_what_segments_explain_adds_up_to_the_whole(seed: int) -> None:
    """Nothing of the change of the mean loss is left over, and nothing made up."""
    random = np.random.default_rng(seed)
    before, after = drawn(random), drawn(random)
    lines = explained(before, after)
    change = added(after.values()).mean - added(before.values()).mean
    parts = sum(line["within"] + line["mix"] for line in lines)
    assert parts == pytest.approx(change, abs=1e-9)
    if change > 0:
        assert sum(line["share"] for line in lines) == pytest.approx(1)


def test_segment_that_broke_explains_the_loss() -> None:
    """One half of the rows did as ever; the other one brings all of the loss."""
    good = [scored(0.8, 50, label=1, segment=f"region={name}") for name in ("n", "s")]
    bad = [
        scored(0.8, 50, label=1, segment="region=n"),
        scored(0.8, 50, label=0, segment="region=s"),
    ]
    section = segments_section(
        make_facts(
            earlier=[make_evaluation(unit=make_unit(day=BEFORE, as_of=NOW))],
            earlier_profiles=[replace(profile, day=BEFORE) for profile in good],
            profiles=bad,
        )
    )
    assert section.data is not None
    first, second = section.data["declared"]["columns"]["region"]
    assert (first["segment"], first["share"]) == ("region=s", pytest.approx(1))
    assert second["share"] == pytest.approx(0)
