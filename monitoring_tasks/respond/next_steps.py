"""What a person can do about a rollback, and how to undo it. Pure."""

from collections.abc import Mapping

from monitoring_tasks.domain.rollbacks import IN_DOUBT, Rollback, RollbackState

S = RollbackState
START_AGAIN = "start the same again: it carries on where it was stopped"
NOTHING_MOVED: Mapping[RollbackState, str] = {
    S.BLOCKED: "a guard refused: fix what it names, or let the next day decide again",
    S.DRY_RUN_RECORDED: (
        "say whether it was right: `daywatch review {id} --right|--wrong --reason ...`"
    ),
    S.REJECTED: "a person said no; the next bad day asks again, on its own evidence",
    S.EXPIRED: "nobody answered in time; the next bad day asks again",
    S.FAILED: "the registry was not written; the next bad day decides again",
}


def next_steps(rollback: Rollback) -> list[str]:
    """Return what a person can do now, the first thing first."""
    state = rollback.state
    if state is S.AWAITING_APPROVAL:
        until = f"before {rollback.expires_at:%Y-%m-%d %H:%M} UTC"
        return [
            f"`daywatch approve {rollback.id} --reason ...` {until}",
            f"`daywatch reject {rollback.id} --reason ...`, or say nothing: no move",
        ]
    if state in IN_DOUBT:
        return [
            "the alias may have been moved; only reading the registry tells",
            f"{START_AGAIN}; the registry is read before anything is written",
        ]
    if state is S.SUPERSEDED:
        return [
            (
                "somebody else moved the alias, or newer evidence decided; Daywatch "
                f"leaves it alone: `daywatch journal list {rollback.model}` says which"
            )
        ]
    if state in NOTHING_MOVED:
        manually = f"by hand: `{_command(rollback, rollback.to_version)}`"
        return [NOTHING_MOVED[state].format(id=rollback.id), manually]
    return _after_move(rollback) or [START_AGAIN]


def _after_move(rollback: Rollback) -> list[str]:
    repair = (
        f"`daywatch repair {rollback.id} --plan` lists what version "
        f"{rollback.from_version} had published"
    )
    undo = f"undo: `{_command(rollback, rollback.from_version)} --force`"
    first: Mapping[RollbackState, str] = {
        S.APPLIED: START_AGAIN,
        S.VERIFYING: (
            f"wait: days that version {rollback.to_version} serves verify it, or not"
        ),
        S.VERIFIED: f"nothing: version {rollback.to_version} serves and does well",
        S.REGRESSED: (
            f"version {rollback.to_version} is in breach as well: retrain, fix the "
            "inputs or suspend the model; Daywatch does not move the alias again"
        ),
    }
    if rollback.state not in first:
        return []
    return [first[rollback.state], repair, undo]


def _command(rollback: Rollback, version: str) -> str:
    return f"daywatch rollback {rollback.model} --to {version} --reason ..."
