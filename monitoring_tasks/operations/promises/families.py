"""What every family of checks promises at a model's volume, as plain JSON."""

from dataclasses import asdict
from typing import Any

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.operations.promises.drift_promises import drift_tests
from monitoring_tasks.operations.promises.family_promise import (
    FamilyPromise,
    promise_of,
)
from monitoring_tasks.operations.promises.gate_promises import gate_tests
from monitoring_tasks.operations.promises.label_promises import LABELS, label_tests
from monitoring_tasks.operations.promises.release_promises import (
    RELEASES,
    release_promise,
)
from monitoring_tasks.operations.promises.told_days import ToldDays

FAMILY_OF_SOURCE = {
    Kind.REALIZED.value: "realized metrics",
    Kind.ESTIMATED.value: "estimates",
}
ASSUMES = (
    "a usual day has the rows of the reference's days, and moves as they do",
    "a change is sudden, stays, and is the only one; 4 of 5 such changes are told",
    "told: past the limit as often as `policy.persistence` asks; gross ones at once",
    "only drift is taken to resemble the day before, as far as the reference shows",
    "false alarms of releases are for each release, not for each year",
    "drift that labels show to be harmless is not told, however large",
    "false alarms of gates and labels are the most that `false_alarm` allows",
)
NOT_WORKED_OUT = (
    ("multivariate drift, attribution", "their distances have no size in plain words"),
    ("labels and calibration against the reference", "warn only, beside the gate"),
    ("segments", "as the whole, at the rows of the segment; more tests, wider limits"),
    ("hours, units, swapped columns", "all values move at once: told on the day"),
    ("losses that add up, forecasts", "see the objectives' own tables"),
    ("rows scored again", "from `notable_share` on, on the days that are asked"),
    ("levels of scores and decisions", "as drift of inputs, and by days together"),
    ("gains too good to be true, segments that lose", "beyond chance and what matters"),
)


def families_of(
    reference: ReferenceProfile,
    contract: Contract,
    objectives: list[dict[str, Any]],
) -> dict[str, Any]:
    """Return what each check promises, from reference and policy alone.

    Args:
        reference: Of the version that serves.
        contract: The policy, and which columns are watched.
        objectives: What the limits of objectives promise, as `explain` simulates it.

    Returns:
        `promises` (see `FamilyPromise`; sizes are None where nothing is told so often),
        `left_out`, `assumes`.
    """
    promises, left_out = [*map(_of_objective, objectives)], list(NOT_WORKED_OUT)
    told = ToldDays(contract.policy.persistence, contract.policy.recovery_days)
    drift = list(drift_tests(reference, contract))
    promises += [promise_of(test, told, basis="formula") for test in drift]
    if reference.baseline is None or contract.policy.reference_gate.when == "never":
        left_out.append(("batch against reference", "it is off, or has no baseline"))
    else:
        gate = gate_tests(reference.baseline, contract)
        promises += [promise_of(test, told, basis="formula") for test in gate]
    labels = [
        promise_of(test, told, basis="simulation")
        for test in label_tests(reference, contract)
    ]
    if not labels:
        why = "numeric labels, or too few reference days with labels"
        left_out.append((LABELS, why))
    promises += labels
    release = release_promise(reference, contract)
    if isinstance(release, str):
        left_out.append((RELEASES, release))
    else:
        promises.append(release)
    return {
        "promises": [asdict(promise) for promise in promises],
        "left_out": [{"family": family, "why": why} for family, why in left_out],
        "assumes": list(ASSUMES),
    }


def _of_objective(objective: dict[str, Any]) -> FamilyPromise:
    """Return a simulated objective in the form of all families."""
    finds = {find["within_days"]: find for find in objective["finds"]}
    rates = objective["per_year"]
    source, _, name = objective["objective"].partition(" ")
    return FamilyPromise(
        family=FAMILY_OF_SOURCE.get(source, source),
        check=name,
        about="",
        unit=f"of {name}",
        on_the_day=finds[1]["breach"],
        within_7_days=finds[7]["page"],
        within_28_days=finds[28]["page"],
        at_once=None,
        false_days=rates["breaches"]["value"] if rates else 0.0,
        false_alarms=rates["pages"]["value"] if rates else 0.0,
        basis="simulation",
    )
