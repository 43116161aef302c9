"""Who asks for something, and why: what every request to act has to say."""

from monitoring_tasks.domain.rollbacks import DAYWATCH
from monitoring_tasks.errors import ConfigurationError

SHORTEST_REASON = 10
"""Characters; fewer tell the readers of the journal nothing."""


def person(actor: str) -> str:
    """Tell a person whose login is Daywatch's own name from Daywatch itself."""
    return f"user {actor}" if actor.strip().lower() == DAYWATCH else actor


def require_reason(reason: str) -> None:
    """Refuse a reason that tells the readers of the journal nothing.

    Raises:
        ConfigurationError: If it is shorter than ten characters.
    """
    if len(reason.strip()) < SHORTEST_REASON:
        msg = f"--reason needs at least {SHORTEST_REASON} characters: say why"
        raise ConfigurationError(msg)
