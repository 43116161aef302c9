"""The contract `daywatch init` writes."""

from pathlib import Path

from monitoring_tasks.contract.model import checked_model_name
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.errors import ConfigurationError

TEMPLATE = """\
# What is expected of the model `{model}`. Unknown keys are refused.
# Check it with `daywatch check`; every key is explained by `daywatch check --schema`.

model: {model}               # registered model name in MLflow
problem: {problem}
alias: champion              # the registry alias that consumers resolve
tier: 2                      # 1 (business critical) to 3
owners: ["<your team>"]
timezone: UTC                # the model's own days are calendar days here

schedule:
  cron: "0 6 * * *"          # once a day, in the time zone above
{classes}
sources:
  predictions:
    kind: files              # or: kind: sql, connection: NAME, table: schema.table
    path: "<your folder>/day={{day}}/*.parquet"
  labels:
    kind: files
    path: "<your label folder>/day={{day}}/*.parquet"
    # arrived_at: arrived_at # when a label became known, if you log it

columns:
  id: id
  timestamp: timestamp
  model_version: model_version
{score}  prediction: prediction
  label: label
  continuous: []             # numeric features
  categorical: []            # categorical features
  calendar: []               # features that follow the calendar
  segments: []               # columns whose values are watched one by one
  protected: []              # protected attributes, for fairness

objectives:
  - metric: {metric}
    source: realized
    {limit}

response:
  mode: observe              # observe, dry_run, approve or auto
"""
PARTS = {
    Problem.BINARY: {
        "score": "  score: score               # probability of the positive class\n",
        "metric": "roc_auc",
        "limit": "max_drop: 0.05           # against the version's own reference",
        "classes": "",
    },
    Problem.MULTICLASS: {
        "score": "  score: {a: score_a, b: score_b}  # class: column\n",
        "metric": "accuracy",
        "limit": "max_drop: 0.05           # against the version's own reference",
        "classes": "\nclasses: [a, b]\n",
    },
    Problem.REGRESSION: {
        "score": "",
        "metric": "mae",
        "limit": "max_drop: 0.5            # in units of the label",
        "classes": "",
    },
}


def write_skeleton(expectations: Path, model: str, problem: str) -> Path:
    """Write `<expectations>/<model>/monitor.yaml`, to be filled in by hand.

    Args:
        expectations: Folder of the contracts.
        model: Registered model name.
        problem: `binary`, `multiclass` or `regression`.

    Raises:
        ConfigurationError: If there is one already, the problem is unknown, or no
            model may have such a name.
    """
    try:
        checked_model_name(model)
    except ValueError as error:
        raise ConfigurationError(str(error)) from error
    try:
        parts = PARTS[Problem(problem)]
    except ValueError as error:
        msg = f"--problem '{problem}' is none of {', '.join(Problem)}"
        raise ConfigurationError(msg) from error
    path = expectations / model / "monitor.yaml"
    if path.exists():
        msg = f"{path} already exists; edit it, or remove it first"
        raise ConfigurationError(msg)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(TEMPLATE.format(model=model, problem=problem, **parts))
    return path
