"""Section `checks`: what was checked about the data and did not hold. Pure."""

from dataclasses import asdict

from monitoring_tasks.domain.root_cause import PackFacts, Section

NAME = "checks"


def checks_section(facts: PackFacts) -> Section:
    """Return the checks that did not pass, with the ids of the first rows they name.

    Args:
        facts: The day, with every check that was made.
    """
    evaluation = facts.evaluation
    if evaluation.data_verdict is None:
        why = "the day was not validated"
        return Section(name=NAME, command=facts.show_day, missing=[why])
    failed = [asdict(c) for c in evaluation.checks if c.status != "passed"]
    missing = [
        f"{c.name} {c.column}: could not be evaluated: {c.observed}".replace("  ", " ")
        for c in evaluation.checks
        if c.status == "errored"
    ]
    return Section(
        name=NAME,
        command=facts.show_day,
        data={
            "verdict": evaluation.data_verdict.value,
            "reason": evaluation.data_reason,
            "made": len(evaluation.checks),
            "not_passed": failed,
            "delivery": evaluation.problem.to_json(),
            "labels_usable": evaluation.are_labels_usable,
        },
        missing=missing,
    )
