"""Daywatch's own tables, those of incidents beside. SQLite and Postgres alike."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from monitoring_tasks.store.declarative import Table
from monitoring_tasks.store.incident_tables import IncidentRow


class PartitionRow(Table):
    """A frozen partition; the same content is one row for ever."""

    __tablename__ = "partitions"

    model: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str]
    rows: Mapped[int]
    query: Mapped[str]
    watermark: Mapped[datetime | None]
    as_of: Mapped[datetime]
    sampled: Mapped[int | None]
    source: Mapped[str | None]
    quarantined: Mapped[str | None]


class EvaluationRow(Table):
    """One look at one day: its header, filled in step by step."""

    __tablename__ = "evaluations"
    __table_args__ = (
        # All that says which look at a day counts: the rows themselves are large.
        sa.Index(
            "ix_evaluations_looks",
            *("model", "day", "as_of", "mode", "verdict", "rows", "labelled", "key"),
        ),
        sa.Index(
            "ix_evaluations_day",
            *("day", "model", "as_of", "mode", "verdict", "confirmed", "key"),
        ),
        sa.Index("ix_evaluations_as_of", "as_of"),
    )

    key: Mapped[str] = mapped_column(primary_key=True)
    model: Mapped[str]
    day: Mapped[date]
    as_of: Mapped[datetime]
    mode: Mapped[str]
    step: Mapped[str]
    version: Mapped[str | None]
    rows: Mapped[int | None]
    labelled: Mapped[int | None]
    predictions: Mapped[str | None]
    labels: Mapped[str | None]
    problem: Mapped[dict[str, Any] | None]
    label_counts: Mapped[dict[str, Any] | None]
    data_verdict: Mapped[str | None]
    data_reason: Mapped[str | None]
    checks: Mapped[list[Any] | None]
    comparisons: Mapped[list[Any] | None]
    verdict: Mapped[str | None]
    performance: Mapped[str | None]
    confirmed: Mapped[bool | None]
    severity: Mapped[str | None]
    cause: Mapped[str | None]
    reasons: Mapped[list[Any] | None]
    reason_codes: Mapped[list[Any] | None]
    rollback_to: Mapped[str | None]
    evidence: Mapped[dict[str, Any] | None]
    action: Mapped[dict[str, Any] | None]


class ProfileRow(Table):
    """The counts of one version, day and segment, as known at an instant."""

    __tablename__ = "profiles"

    model: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    segment: Mapped[str] = mapped_column(primary_key=True)
    as_of: Mapped[datetime] = mapped_column(primary_key=True)
    rows: Mapped[int]
    labelled: Mapped[int]
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)


class LabelRoundRow(Table):
    """One instant at which the labels of all days looked back at were asked for."""

    __tablename__ = "label_rounds"

    model: Mapped[str] = mapped_column(primary_key=True)
    known_at: Mapped[datetime] = mapped_column(primary_key=True)
    look_back_days: Mapped[int]


class FindingRow(Table):
    """A number about a day and what was thought of it; no verdict, not judged."""

    __tablename__ = "findings"

    evaluation: Mapped[str] = mapped_column(
        sa.ForeignKey("evaluations.key", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(primary_key=True)
    metric: Mapped[str] = mapped_column(primary_key=True)
    column: Mapped[str] = mapped_column(primary_key=True)
    segment: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    horizon: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[float | None]
    lower: Mapped[float | None]
    upper: Mapped[float | None]
    rows: Mapped[int]
    reason: Mapped[str]
    verdict: Mapped[str | None]
    p_value: Mapped[float | None]
    judgement: Mapped[str | None]
    reason_code: Mapped[str | None]
    limit: Mapped[dict[str, Any] | None]


class AirflowRunRow(Table):
    """A run of Airflow behind an evaluation: its own, or one that gave an asset."""

    __tablename__ = "airflow_runs"

    evaluation: Mapped[str] = mapped_column(
        sa.ForeignKey("evaluations.key", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    dag_id: Mapped[str | None]
    run_id: Mapped[str | None]
    task_id: Mapped[str | None]
    map_index: Mapped[int | None]
    try_number: Mapped[int | None]
    asset: Mapped[str | None]
    uri: Mapped[str | None]
    partition_key: Mapped[str | None]
    at: Mapped[datetime]


class RollbackRow(Table):
    """A wish to move an alias, where it stands and what it rests on."""

    __tablename__ = "rollbacks"
    # `ix_rollbacks_one_open` is in the migrations alone: a condition of Postgres,
    # declared here, would load its dialect wherever a table is looked at.

    id: Mapped[str] = mapped_column(primary_key=True)
    model: Mapped[str] = mapped_column(index=True)
    alias: Mapped[str]
    from_version: Mapped[str]
    to_version: Mapped[str]
    reason: Mapped[str]
    actor: Mapped[str]
    mode: Mapped[str]
    proposed_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    evaluation: Mapped[str]
    evidence_digest: Mapped[str]
    evidence: Mapped[dict[str, Any]]
    incident: Mapped[str | None] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(index=True)
    is_open: Mapped[bool]
    guards: Mapped[list[Any]]
    approver: Mapped[str | None]
    applied_at: Mapped[datetime | None] = mapped_column(index=True)
    fence: Mapped[int]
    is_forced: Mapped[bool]


class JournalRow(Table):
    """One line of the journal; appended, never changed, chained to the one before."""

    __tablename__ = "alias_journal"
    __table_args__ = (
        sa.Index("ix_alias_journal_model_number", "model", "number"),
        sa.Index("ix_alias_journal_state_number", "state", "number"),
    )

    number: Mapped[int] = mapped_column(
        sa.Integer, primary_key=True, autoincrement=True
    )
    key: Mapped[str] = mapped_column(index=True)
    state: Mapped[str]
    at: Mapped[datetime]
    model: Mapped[str]
    alias: Mapped[str]
    from_version: Mapped[str]
    to_version: Mapped[str]
    reason: Mapped[str]
    actor: Mapped[str]
    incident: Mapped[str | None]
    guards: Mapped[list[Any]]
    evidence_digest: Mapped[str]
    fence: Mapped[int]
    detail: Mapped[dict[str, Any]]
    previous: Mapped[str]
    digest: Mapped[str]


class ContractVersionRow(Table):
    """A contract and its suites as a live day was first judged by them; kept for ever.

    What was in force comes back under a later instant if it is put in force again.
    """

    __tablename__ = "contract_versions"

    model: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date]
    daywatch: Mapped[str]
    content: Mapped[dict[str, Any]]


class RegulatoryEventRow(Table):
    """One thing put on a regulatory record; never changed, chained to the last."""

    __tablename__ = "regulatory_events"

    number: Mapped[int] = mapped_column(
        sa.Integer, primary_key=True, autoincrement=True
    )
    incident: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str]
    reason: Mapped[str]
    detail: Mapped[dict[str, Any]]
    previous: Mapped[str]
    digest: Mapped[str]


class BatchSummaryRow(Table):
    """What a day's frozen rows look like, so that later days need not read them."""

    __tablename__ = "batch_summaries"

    model: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    columns: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)


class LeaseRow(Table):
    """Who works on what until when."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    expires_at: Mapped[datetime]


class FenceRow(Table):
    """The latest token given out with a lease; it only grows."""

    __tablename__ = "fences"

    name: Mapped[str] = mapped_column(primary_key=True)
    token: Mapped[int]


METADATA = IncidentRow.metadata
"""All tables: those of this module, and of `incident_tables`, which it imports."""
