"""What is said between Daywatch and a web service, before anybody sends it."""

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from monitoring_tasks.domain.json_values import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """A request to be sent; whatever may hold a secret is not in its repr.

    Attributes:
        method: `GET`, `POST` or `PUT`.
        url: Where to.
        headers: Beside those every request has.
        body: Sent as JSON.
        content: Sent as it is, where there is no `body`.
        accepts: Statuses that are answers to go on with, beside 200 to 299.
        plain_http: Whether it may go without TLS beyond this machine.
    """

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: JsonObject | None = field(default=None, repr=False)
    content: bytes | None = field(default=None, repr=False)
    accepts: frozenset[int] = frozenset()
    plain_http: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpResponse:
    """What was answered.

    Attributes:
        status: HTTP status.
        headers: By name in small letters.
        body: The answer's bytes.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)

    @property
    def document(self) -> JsonObject:
        """The answer as a JSON object; empty where it is none."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}


Exchange: TypeAlias = Generator[HttpRequest, HttpResponse, JsonObject]
"""A conversation: gives requests, is sent the answers, returns the new receipt."""
