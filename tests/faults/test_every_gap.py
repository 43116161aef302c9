"""Killed in every gap between two effects, and run again: the same end, always.

The gaps are counted, not listed: see `effects`.
"""

from pathlib import Path
from typing import Any

import pytest

from tests.faults import effects
from tests.faults.conftest import Fresh, Saw
from tests.faults.proxy import Proxy
from tests.faults.stories import Story
from tests.scenarios import worlds

pytestmark = [*worlds.QUIET, pytest.mark.slow]
MOST = 99
STRIDE = 2
"""Behind HTTP a story takes long: every other gap; the first test takes them all."""
SEVERAL = 20
"""Journal lines, leases, the alias, tags, descriptions, incident moves: at least."""


def undisturbed(story: Story) -> dict[str, Any]:
    """Say how it ends when nothing goes wrong."""
    assert story.respond().kind == "rollback"
    return story.end()


@pytest.mark.parametrize("store", ["postgres"])
def test_killed_in_any_gap_and_run_again_ends_as_an_undisturbed_run(
    fresh: Fresh, tmp_path: Path, saw: Saw
) -> None:
    """SIGKILL before the n-th effect, for every n there is; the next run ends it."""
    wanted = undisturbed(fresh())
    for number in range(1, MOST):
        story = fresh()
        killed = effects.killed_before(number, story.respond, tmp_path / "log")
        if not killed:
            break
        story.respond()
        assert story.end() == wanted, f"killed before effect {number}"
    assert SEVERAL < number < MOST
    saw(
        fault="kill -9 in every gap between two effects, then run again",
        happened=f"{number - 1} gaps; each rerun took up what was left",
        end=f"as undisturbed: {story.told()}",
    )


@pytest.mark.parametrize("store", ["sqlite"])
def test_killed_twice_in_a_row_ends_the_same(
    fresh: Fresh, tmp_path: Path, saw: Saw
) -> None:
    """Reruns are killed as well; 14 effects are enough to mark both versions anew."""
    wanted, story = undisturbed(fresh()), fresh()
    kills = 0
    while effects.killed_before(14, story.respond, tmp_path / "log"):
        kills += 1
        assert kills < MOST
    assert kills > 1
    assert story.end() == wanted
    saw(
        fault="kill -9 again and again: every rerun dies before its 14th effect",
        happened=f"{kills} kills; each rerun got a step further",
        end=f"as undisturbed: {story.told()}",
    )


@pytest.mark.parametrize("store", ["sqlite"])
def test_killed_in_any_gap_before_a_tracking_server(
    fresh: Fresh,
    *,
    proxy: Proxy,
    begin_again: Any,  # noqa: ANN401 (a fixture's function)
    tmp_path: Path,
    saw: Saw,
) -> None:
    """The same with a registry behind HTTP: every write is a request of its own."""
    wanted = undisturbed(fresh())
    for number in range(1, MOST, STRIDE):
        begin_again()
        story = fresh()
        if not effects.killed_before(number, story.respond, tmp_path / "log"):
            break
        story.respond()
        assert story.end() == wanted, f"killed before effect {number}"
    assert SEVERAL < number < MOST
    assert proxy.writes("registered-models/alias") >= number // STRIDE
    saw(
        fault="kill -9 in every other gap between two effects, then run again",
        registry="tracking server on SQLite",
        happened=f"{number // STRIDE} gaps; each rerun took up what was left",
        end=f"as undisturbed: {story.told()}",
    )
