"""What `policy replay` and `policy propose` print: plain words around plain JSON."""

from pathlib import Path
from typing import Any

from rich.text import Text

from monitoring_tasks.cli.output import console, number, print_table, print_text, styled
from monitoring_tasks.cli.terminal import joined


def print_replay(replayed: dict[str, Any]) -> None:
    """Print the days that other limits judge otherwise, and the rates of both."""
    if replayed["changed_keys"]:
        console.print(f"changed: {', '.join(replayed['changed_keys'])}")
    if replayed["measured_again"]:
        console.print(
            f"measured again from kept counts: {', '.join(replayed['measured_again'])}"
        )
    rows = [
        [day["day"], _answer(day["before"]), _answer(day["after"])]
        for day in replayed["days"]
    ]
    if rows:
        print_table("Days judged otherwise", ("day", "before", "after"), rows)
    for name in ("before", "after"):
        counts = replayed[name]
        rates = ", ".join(
            f"{counts[key]['count']} {word} ({counts[key]['per_year']:.1f} a year)"
            for key, word in (
                ("breaches", "breach days"),
                ("confirmed", "confirmed"),
                ("pages", "pages"),
            )
        )
        console.print(f"{name}: {rates}")
    console.print(
        f"{len(rows)} of {replayed['judged_days']} days differ; confirmed days gained: "
        f"{', '.join(replayed['gained']) or 'none'}; lost: "
        f"{', '.join(replayed['lost']) or 'none'}"
    )


def _answer(answer: dict[str, Any]) -> Text:
    words = [answer["severity"], answer["cause"]]
    if answer["remedy"] != "none":
        words.append(answer["remedy"])
    if answer["confirmed"]:
        words.append("confirmed")
    return joined(" ", [styled(answer["verdict"]), *filter(None, words)])


def print_proposal(proposal: dict[str, Any], path: Path | None) -> None:
    """Print what would change, what it costs, and the fragment to put in.

    Args:
        proposal: See `operations.policy.proposing.propose_limits`.
        path: Where the fragment was written; None where it was not.
    """
    from monitoring_tasks.operations.policy.fragments import fragment_text

    pages = proposal["pages_per_year"]
    if not proposal["changes"]:
        word = "keeps" if proposal["is_met"] else "cannot be made to keep"
        console.print(
            f"the contract {word} the budget: {pages['before']:.2f} false pages a "
            f"year, {proposal['budget']:g} are allowed"
        )
        return
    rows = [
        [change["key"], f"{change['before']}", f"{change['after']}"]
        for change in proposal["changes"]
    ]
    print_table("Proposed, not applied", ("limit", "now", "then"), rows)
    console.print(
        f"false pages a year: {pages['before']:.2f} now, {pages['after']:.2f} then; "
        f"{proposal['budget']:g} are allowed"
        + ("" if proposal["is_met"] else ": NOT met, and no limits would meet it")
    )
    for smallest in proposal["smallest_drop"]:
        console.print(
            f"smallest drop of {smallest['objective']} that pages within 28 days: "
            f"{number(smallest['before'])} now, {number(smallest['after'])} then"
        )
    print_replay(proposal["replay"])
    print_text(f"# into the contract of {proposal['model']}")
    print_text(fragment_text(proposal["fragment"]))
    if path is not None:
        console.print(f"wrote {path}", soft_wrap=True)
