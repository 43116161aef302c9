"""The head of a post-mortem's file: where it stands, and what was drafted. Pure."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import yaml

from monitoring_tasks.domain.incident_closing import PostmortemStatus
from monitoring_tasks.errors import ConfigurationError

FENCE = "---"
DRAFT = "draft_digest"
"""The key that holds the digest of the text as it was drafted."""
EXTERNALLY = "others"
"""Value of `found_by` where somebody else found it before Daywatch did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Postmortem:
    """A post-mortem's file, read.

    Attributes:
        status: Where it stands.
        found_by: Who found the incident: `daywatch` or `others`.
        reviewers: Who reviewed it.
        body: The text below the head.
        is_edited: Whether anybody changed it since it was drafted.
    """

    status: PostmortemStatus
    found_by: str
    reviewers: tuple[str, ...]
    body: str
    is_edited: bool

    @property
    def digest(self) -> str:
        """SHA-256 of the text below the head."""
        return sha256(self.body.encode()).hexdigest()

    @property
    def detected_externally(self) -> bool:
        """Whether others found the incident before Daywatch did."""
        return self.found_by == EXTERNALLY


def with_front_matter(body: str, head: dict[str, Any]) -> str:
    """Return a draft: its head with the digest of the draft, and the text.

    Args:
        body: The text below the head.
        head: Keys and values of the head, JSON only.
    """
    lines = yaml.safe_dump(head, sort_keys=False, allow_unicode=True).splitlines()
    text = "\n".join([FENCE, *lines, FENCE, "", body.strip(), ""])
    marked = [FENCE, *lines, f"{DRAFT}: {_digest(text)}", FENCE, "", body.strip(), ""]
    return "\n".join(marked)


def read_postmortem(text: str, path: str) -> Postmortem:
    """Read a post-mortem's file.

    Args:
        text: What it holds.
        path: Where it lies, for errors.

    Raises:
        ConfigurationError: If its head is not there, or says something unknown.
    """
    head, body = _parts(text, path)
    try:
        status = PostmortemStatus(str(head.get("status", "")))
    except ValueError:
        allowed = ", ".join(PostmortemStatus)
        msg = f"{path}: status: '{head.get('status')}' is none of {allowed}"
        raise ConfigurationError(msg) from None
    reviewers = head.get("reviewers") or []
    return Postmortem(
        status=status,
        found_by=str(head.get("found_by") or ""),
        reviewers=tuple(map(str, reviewers)) if isinstance(reviewers, list) else (),
        body=body,
        is_edited=head.get(DRAFT) != _digest(_unmarked(text)),
    )


def _parts(text: str, path: str) -> tuple[dict[str, Any], str]:
    before, fence, rest = text.partition(f"{FENCE}\n")
    head, end, body = rest.partition(f"\n{FENCE}\n")
    if before.strip() or not fence or not end:
        msg = f"{path}: begins with no head between two lines `{FENCE}`"
        raise ConfigurationError(msg)
    try:
        keys = yaml.safe_load(head)
    except yaml.YAMLError as error:
        msg = f"{path}: the head is not valid YAML ({error})"
        raise ConfigurationError(msg) from error
    if not isinstance(keys, dict):
        msg = f"{path}: the head holds no keys"
        raise ConfigurationError(msg)
    return keys, body


def _unmarked(text: str) -> str:
    """Return a file's text without the digest of its draft."""
    lines = text.splitlines()
    return "\n".join([x for x in lines if not x.startswith(f"{DRAFT}: ")] + [""])


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
