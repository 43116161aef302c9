"""Whether one part of the rows holds most of those that fail."""

from dataclasses import dataclass

import pytest

from monitoring_tasks.statistics.confinement import confined_to


@dataclass(frozen=True)
class Part:
    """A part of the rows."""

    name: str
    share: float
    rows: float


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param([Part("all of it", 1.0, 10)], "all of it", id="one"),
        pytest.param([Part("a few", 1.0, 4)], None, id="less than half of them"),
        pytest.param([Part("most rows", 0.15, 9)], None, id="as bad as all"),
        pytest.param(
            [Part("wide", 0.3, 10), Part("narrow", 0.9, 6)], "narrow", id="the purest"
        ),
        pytest.param([], None, id="none"),
    ],
)
def test_part_holds_most_of_the_failing_rows_and_fails_far_more_often(
    parts: list[Part], expected: str | None
) -> None:
    """Ten of a hundred rows fail: half of them, twice as often."""
    part = confined_to(parts, failing=10, share=0.1)
    assert (part and part.name) == expected
