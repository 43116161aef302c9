"""What `--help` says of each command: the first line of its own help.

Kept here so that to list the commands none of them is loaded; a test holds it true.
"""

LINES = {
    "demo": "Watch a real model on real flights: caught, rolled back, verified.",
    "up": "Run Airflow and MLflow on this machine, on loopback, until Ctrl-C.",
    "init": (
        "Draft a contract and a suite from rows and registry; never overwrites one."
    ),
    "try": "Judge the newest days with the labels that came, and show the page.",
    "check": "Check every contract and suite; names file, line, key and remedy.",
    "propose-suite": (
        "Draft a Great Expectations suite from good days; prints it unless --write."
    ),
    "reference": (
        "Build a version's reference profile and log it beside the version in MLflow."
    ),
    "run": "Judge one day, without Airflow. A dry run unless --live is given.",
    "backfill": (
        "Judge a range of days as they were known then; touches nothing outside."
    ),
    "settle": (
        "Judge days again with the labels that came since, in a revision of each."
    ),
    "status": (
        "Show every model of the workspace in a line: last day, verdict, incidents."
    ),
    "show": "Show the last days of a model, one day whole with --day, or one rollback.",
    "pack": "Show the root-cause pack that was frozen when an incident opened.",
    "trace": (
        "Follow a prediction to its batch, evaluations, version, run, commit, "
        "incidents."
    ),
    "playbook": (
        "Print what to check, in which order, who decides and whom to call, as "
        "Markdown."
    ),
    "report": "Write the HTML report of a day, or of many, and the index of all days.",
    "labels": "Show when labels arrive, and how far numbers on early labels lie off.",
    "segments": (
        "Name the segments on which a model did worst on a day and the days before it."
    ),
    "rollbacks": "List rollbacks, oldest first: who wanted what, and where it stands.",
    "rollback": (
        "Move the alias back to a version, through the guards Daywatch itself obeys."
    ),
    "approve": "Approve a rollback that waits for a person, and carry it out.",
    "reject": "Reject a rollback that waits for a person; nothing is moved.",
    "repair": "Score again what the withdrawn version published, into new partitions.",
    "prune": "Remove what days were judged by once they are older than a span.",
    "autonomy": (
        "Show how far Daywatch may go for a model, why, and the record that earned it."
    ),
    "review": (
        "Say whether a decision that asked nobody was right; it counts for autonomy."
    ),
    "restore": "Restore the autonomy that a model lost by a rollback that did harm.",
    "drill": "Put known faults into healthy days; see whether the judgement is right.",
    "receive": (
        "Listen to what people do in PagerDuty, JSM, Opsgenie and Slack, until stopped."
    ),
    "incident": (
        "What needs somebody: who works on it, what was done, what became of it."
    ),
    "slo": "Objectives over many days: how they stand; to and from OpenSLO.",
    "policy": (
        "Limits: what they promise, what others would have done, which would fit."
    ),
    "silence": (
        "Who is not to be paged about what, until when; verdicts stay as they are."
    ),
    "hold": "Stop alias moves: a kill switch, or a legal hold that asks for a person.",
    "journal": (
        "Who moved which alias when and why; every line chained to the one before."
    ),
    "notify": "The channels by which people are told: mail, chat, pagers, tickets.",
    "outbox": "Messages that were written and not sent yet, or given up.",
    "postmortem": "What an incident taught: drafted from the store, written by people.",
    "retrospective": (
        "How good alarms, answers, estimates and promises were; what is still open."
    ),
    "governance": (
        "Records for whoever answers for a model. Reminders, no legal advice."
    ),
}
