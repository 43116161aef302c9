"""A tracking server that fails in the middle of a move: moved once, or not at all."""

from dataclasses import replace
from typing import NamedTuple

import pytest

from monitoring_tasks.errors import TransientError
from monitoring_tasks.workspace.workspace import open_workspace
from tests.faults.conftest import Fresh, Saw
from tests.faults.proxy import Fault, Kind, Proxy
from tests.faults.servers import MlflowServer
from tests.faults.stories import Story
from tests.scenarios import world, worlds

pytestmark = [*worlds.QUIET, pytest.mark.slow]
ALIAS = "registered-models/alias"
TAGS = "model-versions/set-tag"
SERVER = "tracking server on SQLite"
ONCE = 1
ALWAYS = 1_000_000


class Case(NamedTuple):
    """A fault, and what is journalled when the step that meets it ends.

    Attributes:
        fault: What goes wrong, and where.
        left: Where the rollback stands then.
        applied: Whether the alias has moved by then, whatever Daywatch knows.
    """

    fault: Fault
    left: str
    applied: bool


def on_write(kind: Kind, times: int = ALWAYS) -> Fault:
    """Spoil the write of the alias."""
    return Fault(kind=kind, method="POST", path=ALIAS, times=times)


CASES = {
    "answers 500 to the write of the alias": Case(
        on_write(Kind.ERROR), "indeterminate", applied=False
    ),
    "hangs at the write of the alias": Case(
        on_write(Kind.HANG), "indeterminate", applied=False
    ),
    "cuts the connection at the write of the alias": Case(
        on_write(Kind.CUT), "indeterminate", applied=False
    ),
    "answers 500 to everything": Case(
        Fault(kind=Kind.ERROR), "proposed", applied=False
    ),
    "hangs at everything": Case(Fault(kind=Kind.HANG), "proposed", applied=False),
    "answers 500 to the tags": Case(
        Fault(kind=Kind.ERROR, method="POST", path=TAGS), "applied", applied=True
    ),
    "hangs at the tags": Case(
        Fault(kind=Kind.HANG, method="POST", path=TAGS), "applied", applied=True
    ),
}
RIDDEN_OUT = {
    "answers the write of the alias too late, having applied it": on_write(
        Kind.SWALLOW
    ),
    "cuts the connection after applying the write": on_write(Kind.CUT_AFTER),
    "answers 500 once to the write of the alias": on_write(Kind.ERROR, ONCE),
    "answers 500 once to every kind of read": Fault(
        kind=Kind.ERROR, method="GET", times=ONCE
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_failing_server_is_told_and_the_rerun_ends_it(
    fresh: Fresh, proxy: Proxy, saw: Saw, name: str
) -> None:
    """The step fails as transient, nothing is moved twice, and the rerun is whole."""
    case, story = CASES[name], fresh()
    proxy.spoil(case.fault)
    with pytest.raises(TransientError) as caught:
        story.respond()
    proxy.heal()
    assert standing(story) == case.left
    assert story.alias() == ("2" if case.applied else "3")
    assert story.respond().kind == "rollback"
    assert_moved_once(story, proxy)
    saw(
        fault=f"MLflow {name}",
        registry=SERVER,
        happened=f"{type(caught.value).__name__}, rollback {case.left}; rerun: done",
        end=story.told(),
    )


@pytest.mark.parametrize("name", RIDDEN_OUT)
def test_fault_that_reading_settles_needs_no_rerun(
    fresh: Fresh, proxy: Proxy, saw: Saw, name: str
) -> None:
    """The registry is read instead of written again: moved once, in the same step."""
    story = fresh()
    proxy.spoil(RIDDEN_OUT[name])
    action = attempt(story)
    proxy.heal()
    again = story.respond().kind
    assert again == "rollback"
    assert_moved_once(story, proxy)
    saw(
        fault=f"MLflow {name}",
        registry=SERVER,
        happened=f"{action}; rerun: done",
        end=story.told(),
    )


def test_write_that_may_have_been_applied_is_not_put_again_unread(
    fresh: Fresh, proxy: Proxy, saw: Saw
) -> None:
    """A person who moves the alias after the lost answer is not written over."""
    story = fresh()

    def person() -> None:
        move_as_somebody_else(proxy.target, "1")

    proxy.spoil(
        Fault(kind=Kind.ERROR, method="POST", path=ALIAS, first=person, times=ONCE)
    )
    action = attempt(story)
    proxy.heal()
    assert story.alias() == "1"
    assert standing(story) == "superseded"
    assert proxy.writes(ALIAS) == 0
    saw(
        fault="MLflow answers 500 to the write, and a person moves the alias meanwhile",
        registry=SERVER,
        happened=action,
        end=story.told(),
    )


@pytest.mark.parametrize("looks", [2, ALWAYS], ids=["for a moment", "for long"])
def test_stale_reads_delay_and_never_repeat_the_move(
    fresh: Fresh, proxy: Proxy, saw: Saw, looks: int
) -> None:
    """What a replica shows of before the write is read again, then left in doubt."""
    story = fresh()
    stale = Fault(kind=Kind.STALE, method="GET", path=ALIAS, times=looks)
    # From the first write on: what is read before it is fresh.
    proxy.spoil(
        Fault(
            kind=Kind.SWALLOW,
            method="POST",
            path=ALIAS,
            times=ONCE,
            first=lambda: proxy.spoil_next(stale),
        )
    )
    happened = attempt(story)
    assert proxy.writes(ALIAS) == 1
    proxy.heal()
    assert story.respond().kind == "rollback"
    assert_moved_once(story, proxy)
    saw(
        fault="MLflow shows the old alias "
        + ("twice" if looks == 2 else "as long as the step runs")
        + " after a write whose answer is lost",
        registry=SERVER,
        happened=f"{happened}; rerun: done",
        end=story.told(),
    )


@pytest.mark.parametrize("store", ["sqlite"])
@pytest.mark.parametrize("kind", [Kind.CUT, Kind.CUT_AFTER])
def test_server_restarted_in_the_middle_of_the_write(
    fresh: Fresh,
    *,
    served: MlflowServer,
    proxy: Proxy,
    saw: Saw,
    kind: Kind,
) -> None:
    """Killed before or after it applies the write, started again: moved once."""
    story = fresh()
    down = Fault(kind=Kind.CUT, first=served.stop)
    if kind is Kind.CUT:
        proxy.spoil(replace(down, method="POST", path=ALIAS))
    else:
        proxy.spoil(replace(on_write(kind, ONCE), first=lambda: proxy.spoil_next(down)))
    happened = attempt(story)
    assert not served.is_up
    served.start()
    proxy.heal()
    assert story.respond().kind == "rollback"
    assert_moved_once(story, proxy)
    saw(
        fault="MLflow is killed "
        + ("before it applies" if kind is Kind.CUT else "right after it has applied")
        + " the write of the alias, and restarted",
        registry=SERVER,
        happened=f"{happened}; rerun: done",
        end=story.told(),
    )


def attempt(story: Story) -> str:
    """Respond; say what came of it, an error or an action."""
    try:
        return f"action {story.respond().kind}"
    except TransientError as error:
        return f"{type(error).__name__}, rollback {standing(story)}"


def standing(story: Story) -> str:
    """Say where the rollback stands."""
    with open_workspace(story.home) as workspace:
        found = [one.state.value for one in workspace.rollbacks.find(world.MODEL)]
    return ", ".join(found) or "none"


def move_as_somebody_else(url: str, version: str) -> None:
    """Move the alias as somebody else does: past the proxy and past Daywatch."""
    from mlflow import MlflowClient  # noqa: PLC0415 (seconds to import)

    client = MlflowClient(url, url)
    client.set_registered_model_alias(world.MODEL, world.ALIAS, version)


def assert_moved_once(story: Story, proxy: Proxy) -> None:
    """Require one move: one line, one write that reached the server, one incident."""
    with open_workspace(story.home) as workspace:
        assert len(workspace.journal.lines_in("applied", model=world.MODEL)) == 1
        assert workspace.journal.verify() is None
        assert len(workspace.incidents.find()) == 1
    assert standing(story) == "verifying"
    assert story.alias() == "2"
    assert proxy.writes(ALIAS) == 1
