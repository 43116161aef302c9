"""What each rule made of faults in several models at once."""

from collections.abc import Iterator

from benchmarks.judgement import work
from benchmarks.judgement.cases import Case
from benchmarks.judgement.fleet import FLEET_CASES, FleetCase
from benchmarks.judgement.rules import Facts, rules


def fleet_cases() -> Iterator[Facts]:
    """List every case of the fleet that was asked, Daywatch's answer first.

    Of a peer, which knows one model at a time: the models it calls about on the first
    day; each is a call of its own.
    """
    for case in FLEET_CASES:
        mine = work.fleet_answer(case)
        if mine is not None:
            row = {"tool": "daywatch", "rule": "pages", "right": is_right(case, mine)}
            yield row | _key(case) | mine
        for tool, rule in rules():
            calls = [_calls(tool, rule, part) for part in case.parts]
            if tool == "daywatch" or None in calls:
                continue
            pages = sum(bool(call) for call in calls)
            yield {"tool": tool, "rule": rule, "right": None, "pages": pages} | _key(
                case
            )


def is_right(case: FleetCase, answer: Facts) -> bool:
    """Say whether one trouble was called one, on its first day, and no other so.

    Of a common cause: one incident names every model that is hit and no healthy one,
    and was opened on the first faulty day. Of one model's fault: none names any.
    """
    if not case.is_common:
        return bool(answer["named"] == 0 and answer["incidents"] > 0)
    names_all = answer["named"] == len(case.hit) and answer["blamed"] == 0
    return bool(names_all and answer["named_on"] == 1)


def _key(case: FleetCase) -> Facts:
    return {"case": case.name, "hit": len(case.hit)}


def _calls(tool: str, rule: str, part: Case) -> bool | None:
    answers = work.case_answers(tool, part)
    if answers is None:
        return None
    return any(a.alerts[rule] for a in answers if a.day == part.onset)
