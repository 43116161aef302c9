"""What Opsgenie sends, and Jira Service Management as its successor."""

import json

from monitoring_tasks.domain.hearing import What
from monitoring_tasks.domain.json_values import hash_json
from monitoring_tasks.respond.channels.inbound.reading import (
    InboundRequest,
    Verified,
    heard_of,
    instant_of,
    is_nobody,
    text_at,
)

ACTIONS = {
    "Acknowledge": What.ACKNOWLEDGED,
    "Close": What.RESOLVED,
    "AddNote": What.NOTED,
}
FIELD = "alias"


def read(request: InboundRequest, channel: str) -> Verified:
    """Return what one action on an alert says.

    Actions have no name; the alert, the action and its instant to the nanosecond make
    one, the same at every attempt to deliver it.

    Args:
        request: The request, its sender proved.
        channel: Name of the channel.

    Raises:
        ValueError: If it cannot be read.
    """
    document = json.loads(request.body)
    action, alert = text_at(document, "action"), document["alert"]
    if action not in ACTIONS:
        return Verified(ignored=(action or "no action",))
    who, text = text_at(alert, "username"), text_at(alert, "note")
    if is_nobody(who):
        return Verified(ignored=(f"{action} by no person",))
    if ACTIONS[action] is What.NOTED and not text:
        return Verified(ignored=(f"{action} without a text",))
    about = text_at(alert, "alertId")
    return Verified(
        heard=(
            heard_of(
                event=hash_json([about, action, alert["updatedAt"], text])[:32],
                channel=channel,
                what=ACTIONS[action],
                who=who,
                at=instant_of(alert["updatedAt"]),
                text=text,
                mark=(FIELD, text_at(alert, "alias")),
                other=about,
            ),
        )
    )
