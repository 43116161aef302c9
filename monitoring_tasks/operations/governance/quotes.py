"""The sentences of law that numbers in the code come from, and the disclaimer."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

DISCLAIMER = "A record and a reminder, no legal advice."


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalQuote:
    """A sentence of law, word by word.

    Attributes:
        id: Of the clock or period it is about.
        regulation: Where it stands.
        article: Article and paragraph.
        quote: The sentence.
        url: Where it can be read.
        read_on: The day it was read.
    """

    id: str
    regulation: str
    article: str
    quote: str
    url: str
    read_on: str


@cache
def legal_quotes() -> dict[str, LegalQuote]:
    """Return every quote, by its id."""
    quotes = data_file("legal_quotes.json")["quotes"]
    return {quote["id"]: LegalQuote(**quote) for quote in quotes}


def data_file(name: str) -> Any:  # noqa: ANN401 (JSON)
    """Return what a file of the folder `data` holds."""
    folder = files("monitoring_tasks.operations.governance") / "data"
    return json.loads((folder / name).read_text(encoding="utf-8"))
