"""Whose word a value of a drafted contract rests on: a person's, or a guess's."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import available_timezones

from monitoring_tasks.domain.texts import did_you_mean
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.operations.onboarding.facts import Guess

Ask = Callable[[str, Guess], Guess]
"""From a key of the contract and what is guessed for it to what is taken."""
ROLES = (
    "id", "label_id", "timestamp", "model_version", "score", "prediction", "label",
)  # fmt: skip
ATTEMPTS = 3
"""How often a person is asked before an answer that cannot be is an error."""
SHOWN_CHARACTERS = 300
"""Of the names of columns an error lists; a table may have thousands."""


def take_column(
    role: str,
    guess: Guess,
    ask: Ask,
    *,
    stated: Mapping[str, str],
    columns: Collection[str],
    of: str = "predictions",
) -> Guess:
    """Return the column a person stated, else what is sure, else what is asked.

    Args:
        role: What the column is, one of `ROLES`.
        guess: What is guessed.
        ask: Called for what is not sure.
        stated: Role -> column, as a person said on the command line.
        columns: The columns there are.
        of: The rows that have them.

    Raises:
        ConfigurationError: If nothing is taken, or there is no such column.
    """
    there_are = f"there are: {', '.join(columns)[:SHOWN_CHARACTERS]}"

    def why_not(name: object) -> str:
        if name in columns:
            return ""
        return f"the {of} have no column '{name}'; {there_are}"

    if stated.get(role):
        name = stated[role]
        if why_not(name):
            msg = f"--column {role}={name}: {why_not(name)}"
            raise ConfigurationError(msg)
        return Guess(value=name, why="said on the command line", is_sure=True)
    if guess.is_sure:
        return guess
    answer = answered(f"columns.{role}", guess, ask, why_not)
    if answer.value is None:
        msg = (
            f"columns.{role}: {answer.why}; say it with --column {role}=NAME; "
            f"{there_are}"
        )
        raise ConfigurationError(msg)
    return answer


def take_timezone(guess: Guess, ask: Ask) -> Guess:
    """Return the time zone that is taken; always asked, since rows rarely say it.

    Args:
        guess: What is guessed.
        ask: Called with the guess; returns what is taken.

    Raises:
        ConfigurationError: If there is no such zone.
    """

    def why_not(name: object) -> str:
        if name in available_timezones():
            return ""
        near = did_you_mean(str(name), available_timezones())
        return (
            f"'{name}' is not a time zone of the IANA database{near}; write a name "
            "such as Europe/Berlin or UTC"
        )

    return answered("timezone", guess, ask, why_not)


def take_choice(key: str, guess: Guess, ask: Ask, *, choices: Collection[str]) -> Guess:
    """Return what is sure, else what is asked; one of a few words.

    Args:
        key: The key of the contract.
        guess: What is guessed.
        ask: Called for what is not sure; returns what is taken.
        choices: The words there are.

    Raises:
        ConfigurationError: If it is none of them.
    """

    def why_not(word: object) -> str:
        return "" if word in choices else f"'{word}' is none of {', '.join(choices)}"

    answer = guess if guess.is_sure else answered(key, guess, ask, why_not)
    if answer.value is None:
        msg = f"{key}: {answer.why}; it is one of {', '.join(choices)}"
        raise ConfigurationError(msg)
    return answer


def answered(key: str, guess: Guess, ask: Ask, why_not: Callable[[Any], str]) -> Guess:
    """Return what is taken for a key; a person is asked again what cannot be.

    Args:
        key: The key of the contract.
        guess: What is guessed; its value is None where nothing could be.
        ask: Called with the guess, and again with what was wrong with the answer.
        why_not: From an answer to what is wrong with it; empty for nothing.

    Raises:
        ConfigurationError: If the last answer cannot be either, or nobody answered.
    """
    put, fault = guess, ""
    for _ in range(ATTEMPTS):
        answer = ask(key, put)
        if answer.value is None:
            return guess
        fault = why_not(answer.value)
        if not fault:
            return guess if answer is put else answer
        # Whoever gives back the guess itself asked nobody: the next answer is the same.
        if answer is put:
            break
        put = replace(guess, why=fault)
    msg = f"{key}: {fault}"
    raise ConfigurationError(msg)
