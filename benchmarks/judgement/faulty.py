"""What each rule made of the known faults."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from benchmarks.judgement import work
from benchmarks.judgement.answers import Answer
from benchmarks.judgement.cases import Case, Kind
from benchmarks.judgement.catalogue import CASES
from benchmarks.judgement.rules import SPLITS, Facts, rules
from benchmarks.judgement.score import Interval, Outcome, outcome, quantile, share

GROUPS: Mapping[str, frozenset[Kind]] = {
    "data": frozenset({Kind.DATA, Kind.ROWS_MISSING}),
    "gross release": frozenset({Kind.RELEASE}),
    "mild release": frozenset({Kind.MILD_RELEASE}),
    "unfair release": frozenset({Kind.UNFAIR_RELEASE}),
    "biased group": frozenset({Kind.BIASED}),
    "concept": frozenset({Kind.CONCEPT}),
    "labels": frozenset({Kind.LABELS}),
    "no labels": frozenset({Kind.NO_LABELS}),
    "wrong predictions": frozenset({Kind.OUTPUTS}),
    "nothing to find": frozenset({Kind.HARMLESS, Kind.GOOD_RELEASE, Kind.LATE_LABELS}),
}


def by_group() -> Iterator[Facts]:
    """Sum up the cases by group: found, days to find, cause, action."""
    for tool, rule in rules():
        for split in SPLITS:
            for group, kinds in GROUPS.items():
                asked = [
                    (case, answers)
                    for case in CASES
                    if case.kind in kinds
                    and case.split == split
                    and (answers := work.case_answers(tool, case)) is not None
                ]
                if asked:
                    key = {"tool": tool, "rule": rule, "split": split, "group": group}
                    yield key | _summed(asked, rule) | _by_chance(tool, rule, asked)


def _summed(asked: Sequence[tuple[Case, list[Answer]]], rule: str) -> Facts:
    outcomes = [(case, outcome(case, answers, rule)) for case, answers in asked]
    gross = [one for case, one in outcomes if case.is_gross]
    days = [one.days_to_find for _, one in outcomes]
    return {
        "in_time": asdict(share(sum(o.is_in_time for _, o in outcomes), len(outcomes))),
        "gross_same_day": asdict(share(sum(o.is_in_time for o in gross), len(gross))),
        "median_days": asdict(quantile(days, 0.5)),
        "days_90": asdict(quantile(days, 0.9)),
        "right_cause": asdict(_share(o.is_cause_right for _, o in outcomes)),
        "right_action": asdict(_share(o.is_action_right for _, o in outcomes)),
        "wrong_rollbacks": sum(
            o.rolled_back and not case.release for case, o in outcomes
        ),
    }


def _by_chance(
    tool: str, rule: str, asked: Sequence[tuple[Case, list[Answer]]]
) -> Facts:
    """Ask how often the same days call somebody when nothing is wrong with them."""
    hits = tries = 0
    for case, _ in asked:
        within = set(case.decisive)
        clean = [a for a in work.clean_answers(tool, case.world) if a.day in within]
        tries += bool(clean)
        hits += any(answer.alerts[rule] for answer in clean)
    return {"anyway": asdict(share(hits, tries))}


def by_size() -> Iterator[Facts]:
    """Sum up the mild releases by how much worse they are."""
    mild = [case for case in CASES if case.kind is Kind.MILD_RELEASE]
    for tool, rule in rules():
        for release, size in sorted({(case.release, case.size) for case in mild}):
            asked = [
                (case, answers)
                for case in mild
                if (case.release, case.size, case.split) == (release, size, SPLITS[0])
                and (answers := work.case_answers(tool, case)) is not None
            ]
            if asked:
                key = {"tool": tool, "rule": rule, "release": release, "size": size}
                yield key | _summed(asked, rule)


def one_by_one() -> Iterator[Facts]:
    """List every case with what each rule made of it."""
    for case in CASES:
        said = {
            f"{tool}: {rule}": _said(case, answers, rule)
            for tool, rule in rules()
            if (answers := work.case_answers(tool, case)) is not None
        }
        if said:
            yield {
                "case": case.name,
                "kind": case.kind.value,
                "split": case.split,
                "is_gross": case.is_gross,
                "said": said,
            }


def _said(case: Case, answers: list[Answer], rule: str) -> Facts:
    found: Outcome = outcome(case, answers, rule)
    loud = [answer for answer in answers if answer.alerts[rule]]
    first = {"cause": loud[0].cause, "why": loud[0].why} if loud else {}
    return asdict(found) | first


def _share(answers: Iterator[bool | None]) -> Interval:
    known = [answer for answer in answers if answer is not None]
    return share(sum(known), len(known))
