from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from monitoring_tasks.domain.rollbacks import Guard, Move, MoveState
from monitoring_tasks.errors import (
    AliasMovedError,
    LeaseHeldError,
    SourceUnavailableError,
)
from monitoring_tasks.respond.rollback import Mover, Outcome
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.journal import Journal
from tests.builders import MODEL, NOW, make_guard, make_move

S = MoveState
Check = Callable[[], list[Guard]]


class KilledError(BaseException):
    """The process is gone; no `except Exception` sees it."""


@dataclass
class FakeRegistry:
    """An alias in memory, with faults to inject before or after a write."""

    version: str | None = "2"
    writes: int = 0
    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    before_write: BaseException | None = None
    after_write: BaseException | None = None
    somebody_sets: str | None = None

    def alias_version(self, model: str, alias: str) -> str | None:
        """Say where the alias stands."""
        del model, alias
        return self.version

    def set_alias(self, model: str, alias: str, version: str) -> None:
        """Move the alias, or fail as told."""
        del model, alias
        if self.before_write:
            raise self.before_write
        self.version, self.writes = version, self.writes + 1
        if self.somebody_sets is not None:
            self.version = self.somebody_sets
        if self.after_write:
            raise self.after_write

    def tag_version(self, model: str, version: str, tags: dict[str, str]) -> None:
        """Keep the tags."""
        del model
        self.tags.setdefault(version, {}).update(tags)


@pytest.fixture
def journal(database: Database) -> Journal:
    """A journal without a line."""
    return Journal(database)


@pytest.fixture
def registry() -> FakeRegistry:
    """A registry whose alias stands at version 2."""
    return FakeRegistry()


@pytest.fixture
def mover(registry: FakeRegistry, journal: Journal) -> Mover:
    """A mover that works on both."""
    return Mover(registry=registry, journal=journal, holder="one")


def holding() -> list[Guard]:
    """Every guard holds."""
    return [make_guard()]


def move(
    mover: Mover,
    check: Check = holding,
    *,
    wish: Move | None = None,
    overrule: bool = False,
) -> Outcome:
    """Ask for the alias to go from version 2 to version 1."""
    return mover.move(wish or make_move(), check, now=NOW, overrule=overrule)


def states(journal: Journal) -> list[str]:
    """Give the steps in the journal."""
    return [line["state"] for line in journal.lines(MODEL)]


def test_alias_is_moved_once_and_read_back(
    mover: Mover, registry: FakeRegistry, journal: Journal
) -> None:
    """Intent, write, record; both versions carry what happened to them."""
    assert move(mover).state is S.APPLIED
    assert (registry.version, registry.writes) == ("1", 1)
    assert states(journal) == ["intent", "applied"]
    assert registry.tags["2"]["daywatch.rolled_back"].startswith("2->1")
    assert registry.tags["2"]["daywatch.reason"] == "version 1 is better"
    assert set(registry.tags["1"]) == {"daywatch.put_back"}


def test_same_wish_again_changes_nothing(
    mover: Mover, registry: FakeRegistry, journal: Journal
) -> None:
    """A task that is retried gives the same answer and writes nothing more."""
    first = move(mover)
    again = move(mover, check=list)
    assert (again, registry.writes) == (first, 1)
    assert states(journal) == ["intent", "applied"]


def test_alias_that_was_moved_on_is_not_pulled_back_by_an_old_wish(
    mover: Mover, registry: FakeRegistry
) -> None:
    """A wish that was granted is granted; what people did since stands."""
    move(mover)
    registry.version = "3"
    assert move(mover).state is S.APPLIED
    assert (registry.version, registry.writes) == ("3", 1)


@pytest.mark.parametrize("killed", [KilledError(), SourceUnavailableError("down")])
def test_crash_before_the_write_is_made_good(
    mover: Mover, registry: FakeRegistry, journal: Journal, killed: BaseException
) -> None:
    """The intent is on disk, the alias was not touched: the next try does it all."""
    registry.before_write = killed
    with pytest.raises(type(killed)):
        move(mover)
    assert (states(journal), registry.version) == (["intent"], "2")
    registry.before_write = None
    assert move(mover).state is S.APPLIED
    assert (states(journal), registry.writes) == (["intent", "applied"], 1)


@pytest.mark.parametrize("killed", [KilledError(), SourceUnavailableError("no answer")])
def test_crash_after_the_write_is_recorded_and_not_repeated(
    mover: Mover, registry: FakeRegistry, journal: Journal, killed: BaseException
) -> None:
    """The alias moved and nobody wrote it down: the next try only writes it down."""
    registry.after_write = killed
    with pytest.raises(type(killed)):
        move(mover)
    assert (states(journal), registry.version) == (["intent"], "1")
    outcome = move(mover, check=lambda: [make_guard(passed=False)])
    assert (outcome.state, registry.writes) == (S.APPLIED, 1)
    assert outcome.guards == [make_guard()]
    assert states(journal) == ["intent", "applied"]
    assert set(registry.tags) == {"1", "2"}


def test_alias_that_was_moved_before_is_left_alone(
    mover: Mover, registry: FakeRegistry, journal: Journal
) -> None:
    """Between the judgement and the write somebody decided otherwise."""

    def somebody_moves() -> list[Guard]:
        registry.version = "3"
        return [make_guard()]

    outcome = move(mover, somebody_moves)
    assert (outcome.state, registry.version) == (S.SUPERSEDED, "3")
    assert registry.writes == 0
    assert states(journal) == ["intent", "superseded"]


def test_alias_that_somebody_moved_right_after_is_told(
    mover: Mover, registry: FakeRegistry, journal: Journal
) -> None:
    """What was written is not what is read back: somebody else is at work."""
    registry.somebody_sets = "3"
    with pytest.raises(AliasMovedError, match="was set to 1 and stands at 3"):
        move(mover)
    assert states(journal) == ["intent", "superseded"]
    assert registry.tags == {}


def test_alias_is_not_touched_while_another_process_holds_it(
    mover: Mover, registry: FakeRegistry, journal: Journal
) -> None:
    """Two processes never move the same alias at once; other aliases are free."""
    with journal.lease(f"{MODEL}@champion", holder="two"):
        with pytest.raises(LeaseHeldError, match="two"):
            move(mover)
        assert move(mover, wish=make_move(alias="shadow", key="k")).state is S.APPLIED
    assert registry.writes == 1


def test_lease_is_given_back_when_a_move_fails(
    mover: Mover, registry: FakeRegistry
) -> None:
    """A fault does not lock the alias for two minutes."""
    registry.before_write = SourceUnavailableError("down")
    for _ in range(2):
        with pytest.raises(SourceUnavailableError):
            move(mover)


def test_refusal_is_told_and_journaled_once(
    mover: Mover, registry: FakeRegistry, journal: Journal
) -> None:
    """Every guard that failed is named; asking daily fills no journal."""

    def failing() -> list[Guard]:
        return [make_guard("same_signature", passed=False), make_guard()]

    for _ in range(3):
        outcome = move(mover, failing)
        assert outcome.state is S.REFUSED
        assert outcome.text == "refused: same_signature: this, needed that"
    assert (states(journal), registry.writes) == (["refused"], 0)
    assert journal.lines(MODEL)[0]["guards"][0]["passed"] is False


def test_refused_wish_is_granted_once_its_guards_hold(
    mover: Mover, journal: Journal
) -> None:
    """A refusal is of today; tomorrow the evidence may be there."""
    move(mover, lambda: [make_guard(passed=False)])
    assert move(mover).state is S.APPLIED
    assert states(journal) == ["refused", "intent", "applied"]


@pytest.mark.parametrize(
    ("guard", "state"),
    [
        ("breach_confirmed", S.APPLIED),
        ("cause_is_model", S.APPLIED),
        ("better_on_same_rows", S.APPLIED),
        ("target_good_enough", S.APPLIED),
        ("alias_unchanged", S.REFUSED),
        ("target_loads", S.REFUSED),
        ("same_signature", S.REFUSED),
        ("cool_down", S.REFUSED),
    ],
)
def test_person_may_overrule_evidence_and_nothing_else(
    mover: Mover, guard: str, state: MoveState
) -> None:
    """What the registry says holds for everybody; without overruling all hold."""

    def failing() -> list[Guard]:
        return [make_guard(guard, passed=False)]

    assert move(mover, failing).state is S.REFUSED
    assert move(mover, failing, overrule=True).state is state


def test_move_without_any_guard_is_a_bug(mover: Mover, registry: FakeRegistry) -> None:
    """No guard at all is never all guards."""
    with pytest.raises(ValueError, match="without guards"):
        move(mover, list)
    assert registry.writes == 0
