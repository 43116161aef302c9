"""Rollbacks and incidents under everything that can happen to them, in any order.

The invariants are those of the design, by number. I7 (an incident is closed only once
a person has stopped every regulatory clock) does not apply yet: there are no clocks.
"""

from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    invariant,
    run_state_machine_as_test,
)

from monitoring_tasks.domain.autonomy import ResponseMode
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.journal import JournalLine
from monitoring_tasks.domain.rollbacks import DONE, TRANSITIONS, RollbackState
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.respond import alias_writer
from tests.respond.rollback_rules import Rules

S = RollbackState


class Life(Rules):
    """The rules, and what holds after every step of them."""

    @invariant()
    def i1_evidence_that_says_nothing_never_moves_an_alias(self) -> None:
        """I1: no `no_data`, `error` or `inconclusive` history yields a rollback."""
        for one in self._moved():
            breach = self.world.facts[one.id].verdict is Verdict.BREACH
            assert breach or one.is_forced

    @invariant()
    def i2_one_active_incident_of_a_group(self) -> None:
        """I2: at most one active incident per model and cause."""
        active = [one for one in self.now.incidents.values() if one.is_active]
        counted = Counter((one.model, one.cause) for one in active)
        assert max(counted.values(), default=0) <= 1

    @invariant()
    def i3_one_open_rollback_of_an_alias(self) -> None:
        """I3: at most one rollback under way per model and alias."""
        open_ = [one for one in self.now.rollbacks.values() if one.is_open]
        assert len(open_) <= 1

    @invariant()
    def i4_alias_moves_as_a_row_on_disk_says(self) -> None:
        """I4: it is written only as a decision committed before says, from its old."""
        for write in self.world.writes:
            (row,) = write.rows
            assert write.to == row.to_version
            assert write.before in {row.from_version, row.to_version}
            written = {line.state for line in self._lines(row.id)}
            assert {"proposed", "guarded", "approved", "executing"} <= written

    @invariant()
    def i5_doing_it_again_adds_nothing(self) -> None:
        """I5: no rows, lines, events or pages; no step of anything happens twice."""
        for once, again in self.reruns:
            assert once == again
        self.reruns.clear()
        steps = Counter((line.key, line.state) for line in self.now.lines)
        rollbacks = self.now.rollbacks
        assert all(count == 1 for (key, _), count in steps.items() if key in rollbacks)
        assert not self.world.twice

    @invariant()
    def i6_every_move_has_its_evidence(self) -> None:
        """I6: the bundle on disk is the one whose digest row and journal name."""
        for write in self.world.writes:
            (row,), (digest,) = write.rows, write.digests
            assert row.evidence_digest == digest
            assert {line.evidence_digest for line in self._lines(row.id)} == {digest}

    @invariant()
    def i8_backfill_does_nothing_outside(self) -> None:
        """I8: only live looks, or people, move an alias or open an incident."""
        for one in self._moved():
            assert one.is_manual or self.world.facts[one.id].unit.mode is Mode.LIVE
        assert self.world.left_by_rehearsals == 0

    @invariant()
    def i9_journal_is_only_added_to_and_its_chain_holds(self) -> None:
        """I9: every line of before is there as it was, and hangs on the one before."""
        assert self.now.lines[: len(self.before.lines)] == self.before.lines
        assert self.now.broken is None

    @invariant()
    def i10_severity_falls_by_people_only(self) -> None:
        """I10: whatever Daywatch does, an incident never gets less grave."""
        for key, one in self.before.incidents.items():
            assert (
                self.is_of_a_person or self.now.incidents[key].severity <= one.severity
            )

    @invariant()
    def every_step_is_one_of_the_state_machine(self) -> None:
        """What is over stays over, and what is on disk is the latest line."""
        for key, one in self.now.rollbacks.items():
            states = [S(line.state) for line in self._lines(key)]
            assert states[0] is S.PROPOSED
            assert states[-1] is one.state
            for before, after in pairwise(states):
                assert after in TRANSITIONS[before]

    @invariant()
    def state_says_whether_the_alias_was_moved(self) -> None:
        """Nothing that was written, and not written over, ends as if it was not."""
        for key in self.world.unsettled:
            one = self.now.rollbacks[key]
            assert one.is_open or one.state in DONE | {S.SUPERSEDED}
        for one in self.now.rollbacks.values():
            assert (one.state in DONE) <= (one.applied_at is not None)

    @invariant()
    def nothing_moves_too_late_or_against_a_kill_switch(self) -> None:
        """G11 and G12 hold at the instant of the write, not only of the decision."""
        for write in self.world.writes:
            (row,) = write.rows
            assert row.proposed_at <= write.at < row.expires_at
            assert row.is_forced or not write.is_stopped

    @invariant()
    def nothing_moves_without_a_person_below_auto(self) -> None:
        """G9: asked by one, approved by one, or decided on the highest autonomy."""
        for write in self.world.writes:
            (row,) = write.rows
            asked = row.is_manual or row.approver is not None
            assert asked or row.mode is ResponseMode.AUTO

    def _moved(self) -> list[Any]:
        written = [row for write in self.world.writes for row in write.rows]
        return written + [r for r in self.now.rollbacks.values() if r.applied_at]

    def _lines(self, key: str) -> list[JournalLine]:
        return [line for line in self.now.lines if line.key == key]


def run(empty_store: Path, monkeypatch: pytest.MonkeyPatch, **parts: Any) -> None:  # noqa: ANN401 (of the settings)
    """Let the machine run on copies of an empty store."""
    monkeypatch.setattr(alias_writer, "PAUSE_SECONDS", 0)

    class Here(Life):
        empty = empty_store

    known: dict[str, Any] = {
        "deadline": None,
        "database": None,
        "suppress_health_check": list(HealthCheck),
    }
    run_state_machine_as_test(Here, settings=settings(**known | parts))


def test_invariants_hold_on_some_ways(
    empty_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few short ways, the same ones each time."""
    run(
        empty_store,
        monkeypatch,
        max_examples=4,
        stateful_step_count=12,
        derandomize=True,
    )


@pytest.mark.slow
def test_invariants_hold_whatever_happens(
    empty_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many long ways, others each time."""
    run(empty_store, monkeypatch, max_examples=50, stateful_step_count=40)
