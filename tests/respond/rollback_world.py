"""A small world for the state machine: an alias, a real store, faults, people, a clock.

What the guards look at is made up; the guards, the executor and the store are real.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from monitoring_tasks.domain.autonomy import AutonomyLevel, ResponseMode
from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.incidents import IncidentState
from monitoring_tasks.domain.json_values import hash_json
from monitoring_tasks.domain.paging import Terms
from monitoring_tasks.domain.rollbacks import IN_DOUBT, Guard, Rollback, RollbackState
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.domain.windows import day_of
from monitoring_tasks.errors import (
    AliasInDoubtError,
    LeaseLostError,
    SourceUnavailableError,
)
from monitoring_tasks.respond.executor import Executor
from monitoring_tasks.respond.guard_facts import JudgedDay
from monitoring_tasks.respond.guards import check_guards
from monitoring_tasks.respond.plan import Step, make_plan
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.holds import Holds
from monitoring_tasks.store.incidents import Incidents
from monitoring_tasks.store.journal import Journal
from tests.builders import (
    MODEL,
    NOW,
    make_comparison,
    make_contract,
    make_decision,
    make_rollback,
)
from tests.respond.faulty import (
    FakeRegistry,
    Fuse,
    KilledError,
    MortalLeases,
    MortalRollbacks,
)
from tests.respond.guard_cases import TARGET, make_guard_facts
from tests.respond.rollback_facts import (
    Facts,
    Fault,
    Snapshot,
    Write,
    moves_before,
    seen_on,
)

S = RollbackState
ALIAS = f"{MODEL}@champion"
DOWN = SourceUnavailableError("no answer")
CONTRACT = make_contract(
    policy={"cool_down_days": 1}, response={"automatic_every_days": 1}
)
CALM = Terms()


@dataclass
class World:
    """What the rules of the state machine do things to.

    Attributes:
        store: A SQLite file with the tables.
        now: The present instant.
        mode: How far Daywatch may go now.
        rollbacks_asked: What was decided, oldest first.
        facts: What each of them rests on.
        writes: Every write to the registry.
        unsettled: Rollbacks that were written, and over which nobody else wrote.
        twice: Those that were written again all the same.
        left_by_rehearsals: How often what was to be imagined only left a trace.
        withdrawn: Versions that are marked so.
        told: Rollbacks others were told of.
    """

    store: Path
    now: datetime = NOW
    mode: ResponseMode = ResponseMode.AUTO
    rollbacks_asked: list[Rollback] = field(default_factory=list)
    facts: dict[str, Facts] = field(default_factory=dict)
    writes: list[Write] = field(default_factory=list)
    unsettled: set[str] = field(default_factory=set)
    twice: set[str] = field(default_factory=set)
    left_by_rehearsals: int = 0
    withdrawn: set[str] = field(default_factory=set)
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.database = Database(f"sqlite:///{self.store}")
        self.journal = Journal(self.database)
        self.fuse = Fuse()
        self.registry = FakeRegistry(version="3", fuse=self.fuse)
        self.rollbacks = MortalRollbacks(self.database, self.journal, self.fuse)
        self.leases = MortalLeases(self.database)
        self.holds, self.incidents = Holds(self.journal), Incidents(self.database)
        self.registry.on_write = self._note_write
        self.fault, self.was_stopped = Fault(), False

    def look(self) -> Snapshot:
        """Read everything there is."""
        incidents = {one.id: one for one in self.incidents.find()}
        return Snapshot(
            rollbacks={one.id: one for one in self.rollbacks.find()},
            incidents=incidents,
            events={
                one: [event["event"] for event in self.incidents.events(one)]
                for one in incidents
            },
            lines=self.journal.lines(),
            broken=self.journal.verify(),
        )

    def decide(
        self, verdict: Verdict, mode: Mode, severity: Severity, parts: dict[str, Any]
    ) -> None:
        """Judge yesterday, report it as far as the plan goes, and ask for a rollback.

        The rollback is made whatever the plan says: nobody but the guards may be needed
        to hold it back.
        """
        day = day_of(self.now, "UTC") - timedelta(days=1)
        unit = Unit(model=MODEL, day=day, as_of=self.now, mode=mode)
        incident = self._report(unit, verdict, severity)
        evidence = {
            "n": len(self.rollbacks_asked),
            "verdict": verdict,
            "day": day.isoformat(),
        }
        digest = hash_json(evidence)
        rollback = make_rollback(
            id=f"rollback-{digest[:12]}",
            from_version=self.registry.version or "3",
            mode=self.mode,
            proposed_at=self.now,
            expires_at=self.now + timedelta(hours=24),
            evaluation=unit.key,
            evidence_digest=digest,
            incident=incident,
            **parts,
        )
        self.rollbacks_asked.append(rollback)
        self.facts[rollback.id] = Facts(verdict=verdict, unit=unit, evidence=evidence)

    def _report(self, unit: Unit, verdict: Verdict, severity: Severity) -> str | None:
        is_bad = verdict is Verdict.BREACH
        decision = make_decision(
            verdict=verdict,
            confirmed=is_bad,
            severity=severity if is_bad else None,
            rollback_to="1" if is_bad else None,
        )
        step = make_plan(decision, unit, CONTRACT, now=self.now).step
        if step is Step.NOTHING:
            return None
        seen = seen_on(unit.day, severity, now=self.now)
        if step is Step.RECORD:
            before = self.look()
            self.incidents.rehearse(seen, terms=CALM)
            self.left_by_rehearsals += before != self.look()
            return None
        return self.incidents.report(seen, text="bad", detail={}).id

    def execute(self, rollback: Rollback, fault: Fault) -> bool:
        """Take a rollback on in a process of its own; say whether it ended."""
        executor = Executor(
            registry=self.registry,
            rollbacks=self.rollbacks,
            leases=self.leases,
            holder=f"process {self.now}",
            check=self.check,
            mark_versions=self.mark_versions,
        )
        evidence = self.facts[rollback.id].evidence
        with self._going_wrong(fault):
            self._tell_incident(executor.execute(rollback, evidence, now=self.now))
        return not self.was_stopped

    def check(self, rollback: Rollback) -> tuple[Guard, ...]:
        """Ask the real guards about made-up facts."""
        facts = self.facts[rollback.id]
        is_bad, day = facts.verdict is Verdict.BREACH, facts.unit.day
        guards = check_guards(
            make_guard_facts(
                contract=CONTRACT,
                rollback=rollback,
                alias_version=self.registry.version,
                target=replace(
                    TARGET,
                    trained_until=day,
                    quarantine="-" if rollback.to_version in self.withdrawn else "",
                ),
                judged=JudgedDay(
                    day=day,
                    mode=facts.unit.mode,
                    confirmed=is_bad,
                    cause="model" if is_bad else None,
                    data=Verdict.OK if is_bad else facts.verdict,
                    onset=day if is_bad else None,
                    live_since=day,
                ),
                comparison=make_comparison() if is_bad else None,
                moves=moves_before(self.rollbacks.find(MODEL), rollback, self.now),
                autonomy=AutonomyLevel(mode=self.mode, why="-"),
                holds=self.holds.active(MODEL),
                digest="-" if facts.is_changed else hash_json(facts.evidence),
                now=self.now,
            )
        )
        if rollback.state in IN_DOUBT | {S.LOCKED}:
            self._disturb()
        return guards

    def mark_versions(self, rollback: Rollback) -> None:
        """Mark the version that was withdrawn."""
        with self.fuse.around():
            self.withdrawn |= {rollback.from_version}
            self.withdrawn -= {rollback.to_version}
            self.told.append(rollback.id)

    def move_outside(self, version: str | None) -> None:
        """Let somebody move the alias round Daywatch; what was before is history."""
        self.registry.version = version
        self.unsettled.clear()

    def _tell_incident(self, done: Rollback) -> None:
        incident = self.incidents.get(done.incident) if done.incident else None
        if incident is None or done.state is not S.VERIFYING:
            return
        if incident.is_active and incident.state is not IncidentState.MONITORING:
            for state in (IncidentState.MITIGATING, IncidentState.MONITORING):
                with self.fuse.around():
                    self.incidents.move(
                        incident.id, state, at=self.now, actor="daywatch", text=done.id
                    )

    def _note_write(self, version: str) -> None:
        rows = [one for one in self.rollbacks.find() if one.state in IN_DOUBT]
        digests = [hash_json(self.rollbacks.evidence(one.id)) for one in rows]
        kinds = {hold.kind for hold in self.holds.active(MODEL)}
        self.writes.append(
            Write(
                at=self.now,
                before=self.registry.version,
                to=version,
                rows=tuple(rows),
                digests=tuple(digests),
                is_stopped="kill_switch" in kinds,
            )
        )
        self.twice |= self.unsettled & {one.id for one in rows}
        self.unsettled |= {one.id for one in rows}
        before, fault = self.registry.version, self.fault
        self.registry.looks = [before] * fault.stale + [DOWN] * fault.dumb

    def _disturb(self) -> None:
        """Let others come in between, once the guards were asked."""
        if self.fault.moved is not None:
            self.move_outside(self.fault.moved)
        if self.fault.sleeps:
            with self.database.transaction() as connection:
                self.leases._next_token(connection, ALIAS)

    @contextmanager
    def _going_wrong(self, fault: Fault) -> Iterator[None]:
        """Do what goes wrong to a process; the next one finds all in order again."""
        registry = self.registry
        self.fault, self.fuse.left = fault, fault.kill
        self.was_stopped = False
        registry.before_write = DOWN if fault.before else None
        registry.after_write = DOWN if fault.after else None
        registry.somebody_sets = fault.moved_after
        registry.looks = [DOWN] * fault.deaf
        writes = len(self.writes)
        try:
            yield
        except (
            KilledError,
            AliasInDoubtError,
            LeaseLostError,
            SourceUnavailableError,
        ):
            self.was_stopped = True
        finally:
            self.fault, self.fuse.left = Fault(), None
            registry.before_write = registry.after_write = None
            registry.somebody_sets, registry.looks = None, []
            if fault.moved_after is not None and len(self.writes) > writes:
                self.unsettled.clear()
