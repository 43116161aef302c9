from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring_tasks.respond.root_cause.losses import Loss, added
from monitoring_tasks.respond.root_cause.segments import explained, segments_section
from tests.builders import DAY, NOW, make_evaluation, make_unit
from tests.respond.root_cause.packs import make_facts, scored

LOSSES = st.dictionaries(
    st.sampled_from("abcd"),
    st.builds(Loss, rows=st.integers(1, 999), total=st.floats(0, 999)),
    min_size=1,
)
BEFORE = DAY - timedelta(days=1)


@given(before=LOSSES, after=LOSSES)
def test_what_segments_explain_adds_up_to_the_whole(
    before: dict[str, Loss], after: dict[str, Loss]
) -> None:
    """Nothing of the change of the mean loss is left over, and nothing made up."""
    lines = explained(before, after)
    change = added(after.values()).mean - added(before.values()).mean
    parts = sum(line["within"] + line["mix"] for line in lines)
    assert parts == pytest.approx(change, abs=1e-9 * (1 + abs(change)) * 1000)
    if change > 1e-3:
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
