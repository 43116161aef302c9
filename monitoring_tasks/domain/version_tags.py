"""The tags Daywatch writes on registered versions."""

TAG = "daywatch."
"""Every tag of ours starts with this."""


REFERENCE_TAG = f"{TAG}reference_sha256"


ARTIFACT_TAG = f"{TAG}artifact"


QUARANTINE_TAG = f"{TAG}quarantined"
"""Why a version is not to be put back; empty when it may be."""


HEAD_TAG = f"{TAG}journal_head"
"""The journal's last digest when the alias was moved to the version."""


HEADS_TAG = f"{TAG}chain_heads"
"""The heads of journal and time line, as JSON, when they were last anchored."""
