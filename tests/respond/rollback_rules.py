"""What can happen to rollbacks and incidents, in any order."""

import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
)

from monitoring_tasks.domain.autonomy import ResponseMode
from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.holds import ALL_MODELS, HoldKind
from monitoring_tasks.domain.incidents import IncidentState
from monitoring_tasks.domain.rollbacks import TRANSITIONS, RollbackState
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.errors import IllegalTransitionError
from tests.builders import MODEL
from tests.respond.rollback_facts import HOPELESS, Fault, Snapshot, seen_on
from tests.respond.rollback_world import World

S = RollbackState
SAYS_NOTHING = (Verdict.NO_DATA, Verdict.ERROR, Verdict.INCONCLUSIVE, Verdict.IMMATURE)
VERSIONS = st.sampled_from(["1", "2", "3", "4", "5"])
HISTORIES = st.sampled_from([*[Verdict.BREACH] * 6, *SAYS_NOTHING])
MODES = st.sampled_from([*[Mode.LIVE] * 5, Mode.BACKFILL, Mode.REPLAY, Mode.DRY_RUN])
SEVERITIES = st.sampled_from(Severity)
ASKERS = st.sampled_from(
    [
        *[{}] * 4,
        {"actor": "kim"},
        {"actor": "kim", "is_forced": True},
    ]
)
FAULTS = st.one_of(
    st.just(Fault()),
    st.integers(0, 24).map(lambda sparks: Fault(kill=sparks)),
    st.sampled_from(
        [
            Fault(before=True),
            Fault(after=True),
            Fault(after=True, dumb=9),
            Fault(dumb=1),
            Fault(stale=2),
            Fault(stale=HOPELESS),
            Fault(after=True, stale=2),
            Fault(deaf=1),
            Fault(sleeps=True),
        ]
    ),
    VERSIONS.map(lambda version: Fault(moved=version)),
    VERSIONS.map(lambda version: Fault(moved_after=version)),
    st.integers(12, 16).map(lambda sparks: Fault(kill=sparks, stale=2)),
)
WHICH = st.sampled_from([0, 0, 0, 1, 2, 3, 7])
"""Counted from the newest."""
HIGH = (ResponseMode.AUTO, ResponseMode.AUTO, ResponseMode.APPROVE)


class Rules(RuleBasedStateMachine):
    """One model and its alias; processes, people and outsiders act on them."""

    empty: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="daywatch-machine-")
        store = Path(self.folder.name) / "store.db"
        store.write_bytes(self.empty.read_bytes())
        self.world = World(store)
        self.before = self.now = self.world.look()
        self.is_of_a_person = False
        self.reruns: list[tuple[Snapshot, Snapshot]] = []

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.world.database.engine.dispose()
        self.folder.cleanup()

    def look(self, *, is_of_a_person: bool = False) -> None:
        """Remember what was before the last step, and who took it."""
        self.before, self.now = self.now, self.world.look()
        self.is_of_a_person = is_of_a_person

    @property
    def some(self) -> bool:
        """Whether anything was decided."""
        return bool(self.world.rollbacks_asked)

    @rule(verdict=HISTORIES, mode=MODES, severity=SEVERITIES, to=VERSIONS, asker=ASKERS)
    def decide(
        self,
        *,
        verdict: Verdict,
        mode: Mode,
        severity: Severity,
        to: str,
        asker: dict[str, Any],
    ) -> None:
        """A day is judged, and a rollback wished for; what follows may never come."""
        self.world.decide(verdict, mode, severity, {"to_version": to, **asker})
        self.look()

    @precondition(lambda self: self.some)
    @rule(which=WHICH, fault=FAULTS)
    def work(self, which: int, fault: Fault) -> None:
        """A process takes a decision on, mostly the newest, and something happens."""
        rollbacks_asked = self.world.rollbacks_asked
        self.world.execute(rollbacks_asked[-1 - which % len(rollbacks_asked)], fault)
        self.look()

    @rule(
        to=VERSIONS, fault=FAULTS, hours=st.integers(48, 72), mode=st.sampled_from(HIGH)
    )
    def act(self, to: str, fault: Fault, hours: int, mode: ResponseMode) -> None:
        """A plain bad day, long after the others: the way that leads furthest."""
        world = self.world
        world.now += timedelta(hours=hours)
        world.mode = mode
        world.withdrawn.discard(to)
        if to == world.registry.version:
            return
        world.decide(Verdict.BREACH, Mode.LIVE, Severity.P2, {"to_version": to})
        world.execute(world.rollbacks_asked[-1], fault)
        self.look()

    @precondition(lambda self: self.some)
    @rule(which=WHICH)
    def work_twice(self, which: int) -> None:
        """The same task runs again, at once, and nothing goes wrong."""
        rollback = self.world.rollbacks_asked[
            -1 - which % len(self.world.rollbacks_asked)
        ]
        seen = []
        for _ in range(2):
            assert self.world.execute(rollback, Fault())
            seen.append(self.world.look())
        self.reruns.append((seen[0], seen[1]))
        self.look()

    @precondition(lambda self: self.some)
    @rule(which=WHICH, approve=st.booleans())
    def answer(self, which: int, *, approve: bool) -> None:
        """A person answers, asked or not, in time or not."""
        key = self.world.rollbacks_asked[
            -1 - which % len(self.world.rollbacks_asked)
        ].id
        if key in self.now.rollbacks:
            self.world.rollbacks.answer(
                key, approve=approve, actor="jo", at=self.world.now, text="-"
            )
        self.look()

    @rule(minutes=st.sampled_from([1, 60, 23 * 60, 24 * 60, 49 * 60]))
    def wait(self, minutes: int) -> None:
        """Time passes."""
        self.world.now += timedelta(minutes=minutes)
        self.look()

    @rule(minutes=st.sampled_from([1, 60, 3 * 24 * 60]))
    def set_clock_back(self, minutes: int) -> None:
        """The clock was wrong, or is wrong now."""
        self.world.now -= timedelta(minutes=minutes)
        self.look()

    @rule(version=VERSIONS | st.none())
    def move_outside(self, version: str | None) -> None:
        """Somebody moves the alias round Daywatch, or takes it away."""
        self.world.move_outside(version)
        self.look()

    @rule(mode=st.sampled_from(ResponseMode))
    def change_contract(self, mode: ResponseMode) -> None:
        """The owners let Daywatch go further, or less far."""
        self.world.mode = mode
        self.look()

    @precondition(lambda self: self.some)
    @rule(which=WHICH)
    def change_evidence(self, which: int) -> None:
        """Labels came, and the day was judged anew: the decision rests on the past."""
        key = self.world.rollbacks_asked[
            -1 - which % len(self.world.rollbacks_asked)
        ].id
        self.world.facts[key] = replace(self.world.facts[key], is_changed=True)
        self.look()

    @precondition(lambda self: self.some and not self.world.holds.everywhere())
    @rule(kind=st.sampled_from(HoldKind), model=st.sampled_from([MODEL, ALL_MODELS]))
    def hold(self, kind: HoldKind, model: str) -> None:
        """Somebody places a hold."""
        self.world.holds.place(model, kind, reason="-", actor="jo", at=self.world.now)
        self.look()

    @precondition(lambda self: self.world.holds.everywhere())
    @rule()
    def release(self) -> None:
        """Somebody releases every hold."""
        for one in self.world.holds.everywhere():
            self.world.holds.release(one.id, reason="-", actor="jo", at=self.world.now)
        self.look()

    @rule(state=st.sampled_from(sorted(TRANSITIONS[S.VERIFYING])))
    def verify(self, state: RollbackState) -> None:
        """Days come in on which the version that was put back served, or did not."""
        for one in self.now.rollbacks.values():
            if one.state is S.VERIFYING:
                self.world.rollbacks.advance(one, state, at=self.world.now)
        self.look()

    @rule(severity=SEVERITIES, cause=st.sampled_from([Cause.MODEL, Cause.DATA]))
    def see_bad_day(self, severity: Severity, cause: Cause) -> None:
        """A bad day without any rollback is reported, twice."""
        now = self.world.now
        seen = seen_on(now.date(), severity, now=now, cause=cause)
        for _ in range(2):
            self.world.incidents.report(seen, text="-", detail={})
        self.look()

    @rule(state=st.sampled_from(IncidentState))
    def move_incidents(self, state: IncidentState) -> None:
        """A person takes incidents where they may go, and is refused elsewhere."""
        for one in self.now.incidents.values():
            try:
                self.world.incidents.move(
                    one.id, state, at=self.world.now, actor="jo", text="-"
                )
            except IllegalTransitionError:
                continue
        self.look(is_of_a_person=True)

    @rule(severity=SEVERITIES)
    def reclassify(self, severity: Severity) -> None:
        """A person says how much the active incidents matter, lower ones included."""
        for one in self.now.incidents.values():
            if one.is_active:
                self.world.incidents.reclassify(
                    one.id,
                    cause=None,
                    severity=severity,
                    at=self.world.now,
                    actor="jo",
                    text="-",
                )
        self.look(is_of_a_person=True)
