"""Indexes for what commands and schedules ask, in years of many models."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

LOOKS = ("model", "day", "as_of", "mode", "verdict", "rows", "labelled", "key")
DAYS = ("day", "model", "as_of", "mode", "verdict", "confirmed", "key")
ADDED = (
    # All that says which look at a day counts: the rows themselves are large.
    ("ix_evaluations_looks", "evaluations", LOOKS),
    ("ix_evaluations_day", "evaluations", DAYS),
    ("ix_incidents_model_onset_day", "incidents", ("model", "onset_day")),
    ("ix_incidents_onset_day", "incidents", ("onset_day",)),
    ("ix_incidents_state", "incidents", ("state",)),
    ("ix_incidents_paged_at", "incidents", ("paged_at",)),
    ("ix_incidents_merged_into", "incidents", ("merged_into",)),
    ("ix_heard_events_incident", "heard_events", ("incident",)),
    ("ix_heard_events_heard_at", "heard_events", ("heard_at",)),
    ("ix_heard_events_outcome", "heard_events", ("outcome", "heard_at")),
    ("ix_rollbacks_incident", "rollbacks", ("incident",)),
    ("ix_rollbacks_proposed_at", "rollbacks", ("proposed_at",)),
    ("ix_rollbacks_applied_at", "rollbacks", ("applied_at",)),
    ("ix_rollbacks_state", "rollbacks", ("state",)),
    ("ix_alias_journal_model_number", "alias_journal", ("model", "number")),
    ("ix_alias_journal_state_number", "alias_journal", ("state", "number")),
    ("ix_silences_ends_at", "silences", ("ends_at",)),
)


def upgrade() -> None:
    """Add them; `ix_evaluations_looks` begins as the one it takes the place of."""
    op.drop_index("ix_evaluations_model_day", table_name="evaluations")
    for name, table, columns in ADDED:
        op.create_index(name, table, list(columns), unique=False)


def downgrade() -> None:
    """Take them away again."""
    for name, table, _ in reversed(ADDED):
        op.drop_index(name, table_name=table)
    op.create_index("ix_evaluations_model_day", "evaluations", ["model", "day"])
