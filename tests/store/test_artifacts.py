"""Files of versions: fetched once, remembered, refused once they are others."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import rmtree

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from monitoring_tasks.contract.flavors import why_not_loaded
from monitoring_tasks.contract.versions import LoadingPolicy
from monitoring_tasks.domain.version_tags import ARTIFACT_TAG
from monitoring_tasks.errors import RegistryError, VersionMissingError
from monitoring_tasks.store.artifacts import (
    AT_FIRST_SIGHT,
    AT_REGISTRATION,
    Artifacts,
    read_flavors,
)
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.digests import digest_folder
from monitoring_tasks.store.journal import Journal
from monitoring_tasks.store.registry import Registry
from monitoring_tasks.store.scoring import Job, Scorer
from monitoring_tasks.store.versions import Training

pytestmark = [
    # MLflow's own tables use a loader strategy that SQLAlchemy 2.1 deprecates.
    pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy"),
    # MLflow warns about type hints of its own classes while it is imported.
    pytest.mark.filterwarnings("ignore:.*Any type hint is inferred as AnyType"),
]

MODEL, OWN = "tiny", "own"
AT = datetime(2020, 3, 1, tzinfo=UTC)
ROWS = pd.DataFrame({"a": np.arange(40.0), "b": np.linspace(0, 1, 40)})
TRAINING = Training(trained_from=date(2020, 1, 1), trained_until=date(2020, 2, 29))


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """One small model with two versions."""
    folder = tmp_path_factory.mktemp("artifacts")
    made = Registry(f"sqlite:///{folder / 'mlflow.db'}", cache=folder / "references")
    fitted = LogisticRegression().fit(ROWS, ROWS["a"] > 20)
    for _ in range(2):
        made.register(MODEL, fitted, example=ROWS, training=TRAINING)
    return made


@pytest.fixture
def artifacts(registry: Registry, database: Database, tmp_path: Path) -> Artifacts:
    """Nothing is remembered, and no copy is there."""
    return reopen(registry, database, tmp_path)


def reopen(registry: Registry, database: Database, tmp_path: Path) -> Artifacts:
    """Return what another process would have, on the same store and cache."""
    return Artifacts(
        registry=registry,
        journal=Journal(database),
        cache=tmp_path / "cache",
        now=lambda _: AT,
    )


@pytest.fixture
def held(registry: Registry) -> Iterator[Path]:
    """The registry's own folder of version 1; put back as it was after the test."""
    found = registry._connection.client().get_model_version_download_uri(MODEL, "1")
    folder = Path(str(found).removeprefix("file://"))
    before = {one: one.read_bytes() for one in folder.rglob("*") if one.is_file()}
    yield folder
    rmtree(folder, ignore_errors=True)
    for path, content in before.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


@pytest.fixture
def unrecorded(registry: Registry) -> Iterator[None]:
    """Version 1 carries no digest, as one that MLflow alone registered."""
    digest = registry.version(MODEL, "1").artifact_digest
    client = registry._connection.client()
    client.delete_model_version_tag(MODEL, "1", ARTIFACT_TAG)
    yield
    registry.tag_version(MODEL, "1", {ARTIFACT_TAG: digest})


def fetches(artifacts: Artifacts, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note from now on which versions are fetched."""
    seen: list[str] = []
    download = Registry.download

    def watch(
        self: Registry, model: str, version: str, target: Path, *, part: str = ""
    ) -> Path:
        seen.append(version)
        return download(self, model, version, target, part=part)

    monkeypatch.setattr(type(artifacts.registry), "download", watch)
    return seen


def test_files_are_fetched_once(
    artifacts: Artifacts,
    registry: Registry,
    database: Database,
    tmp_path: Path,
    *,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither this process nor the next one fetches again what is unchanged."""
    seen = fetches(artifacts, monkeypatch)
    folder = artifacts.folder(MODEL, "1")
    assert folder.name == registry.version(MODEL, "1").artifact_digest
    assert digest_folder(folder) == folder.name
    assert artifacts.folder(MODEL, "1") == folder
    assert reopen(registry, database, tmp_path).folder(MODEL, "1") == folder
    assert seen == ["1"]
    artifacts.folder(MODEL, "1", afresh=True)
    assert seen == ["1", "1"]


def test_digest_of_registration_is_journaled_once(artifacts: Artifacts) -> None:
    """The journal, which nobody can rewrite, remembers it from then on."""
    for _ in range(2):
        artifacts.folder(MODEL, "1", afresh=True)
    (line,) = artifacts.journal.lines(MODEL)
    assert (line.to_version, line.reason) == ("1", AT_REGISTRATION)
    assert line.evidence_digest == artifacts.folder(MODEL, "1").name


@pytest.mark.usefixtures("unrecorded")
def test_an_unrecorded_version_is_trusted_at_first_sight(
    artifacts: Artifacts, held: Path
) -> None:
    """Its digest is written down, that it was not known is said, a change is seen."""
    folder = artifacts.folder(MODEL, "1")
    (line,) = artifacts.journal.lines(MODEL)
    assert line.reason == AT_FIRST_SIGHT
    assert line.evidence_digest == folder.name
    (held / "conda.yaml").write_text("changed")
    with pytest.raises(RegistryError, match="were changed"):
        artifacts.folder(MODEL, "1", afresh=True)


def test_changed_files_are_refused_with_both_digests(
    artifacts: Artifacts, held: Path
) -> None:
    """The text says what was recorded, what is there, and what to do."""
    recorded = artifacts.registry.version(MODEL, "1").artifact_digest
    (held / "model.skops").write_bytes(b"another model")
    with pytest.raises(RegistryError) as caught:
        artifacts.folder(MODEL, "1")
    text = str(caught.value)
    assert f"their digest was {recorded[:12]} and is " in text
    assert "version 1 of model 'tiny'" in text
    assert "register the files you mean as a new version" in text
    assert artifacts.journal.lines(MODEL) == []


def test_a_rewritten_tag_does_not_help_changed_files(
    artifacts: Artifacts, registry: Registry, held: Path
) -> None:
    """Who may write the files may write the tag; the journal's word counts."""
    recorded = artifacts.folder(MODEL, "1").name
    (held / "conda.yaml").write_text("changed")
    registry.tag_version(MODEL, "1", {ARTIFACT_TAG: "0" * 64})
    with pytest.raises(RegistryError, match=f"was {recorded[:12]} and is"):
        artifacts.folder(MODEL, "1", afresh=True)
    registry.tag_version(MODEL, "1", {ARTIFACT_TAG: recorded})


@pytest.mark.parametrize(
    ("damage", "error"),
    [
        pytest.param(rmtree, VersionMissingError, id="gone"),
        pytest.param(
            lambda held: (held / "model.skops").unlink(), RegistryError, id="one gone"
        ),
        pytest.param(
            lambda held: (held / "evil.py").write_text("x"),
            RegistryError,
            id="one more",
        ),
        pytest.param(
            lambda held: (held / "conda.yaml").write_text("x"), RegistryError, id="size"
        ),
    ],
)
def test_a_copy_does_not_hide_what_became_of_the_original(
    artifacts: Artifacts,
    registry: Registry,
    database: Database,
    tmp_path: Path,
    *,
    held: Path,
    damage: object,
    error: type[Exception],
) -> None:
    """The next process notices what the registry no longer holds as it was."""
    artifacts.folder(MODEL, "1")
    assert callable(damage)
    damage(held)
    with pytest.raises(error):
        reopen(registry, database, tmp_path).folder(MODEL, "1")


def test_a_damaged_copy_is_fetched_again(artifacts: Artifacts) -> None:
    """A local copy is trusted only as long as it looks as it did."""
    folder = artifacts.folder(MODEL, "1")
    (folder / "MLmodel").write_text("damaged")
    assert digest_folder(artifacts.folder(MODEL, "1")) == folder.name


def test_unchecked_files_never_come_along(artifacts: Artifacts, held: Path) -> None:
    """Compiled code is no part of the digest, so it is not kept either."""
    (held / "__pycache__").mkdir()
    (held / "__pycache__" / "evil.pyc").write_bytes(b"evil")
    (held / "monitoring").mkdir(exist_ok=True)
    (held / "monitoring" / "profile.json").write_text("{}")
    folder = artifacts.folder(MODEL, "1")
    names = {one.name for one in folder.rglob("*")}
    assert names & {"__pycache__", "evil.pyc", "monitoring", "profile.json"} == set()
    assert "model.skops" in names


def test_an_absent_version_is_named(artifacts: Artifacts) -> None:
    """The error names the versions there are."""
    with pytest.raises(VersionMissingError, match="no version 9; there are: 2, 1"):
        artifacts.folder(MODEL, "9")


@pytest.mark.parametrize(
    "content",
    ["", "flavors: [", "flavors: 3", "other: 1", "flavors: {sklearn: 3}"],
    ids=["empty", "no YAML", "a number", "none", "no settings"],
)
def test_flavours_that_cannot_be_read_are_refused(tmp_path: Path, content: str) -> None:
    """A model that does not say what it is, is not loaded."""
    (tmp_path / "MLmodel").write_text(content)
    with pytest.raises(RegistryError, match="MLmodel file cannot be read"):
        read_flavors(tmp_path)


def test_flavours_without_a_file_are_refused(tmp_path: Path) -> None:
    """So is one without the file."""
    with pytest.raises(RegistryError, match="FileNotFoundError"):
        read_flavors(tmp_path)


@pytest.mark.slow
def test_own_code_is_refused_unless_the_contract_allows_it(
    artifacts: Artifacts, registry: Registry, tmp_path: Path
) -> None:
    """A model of its own class, logged with its code, scores only where allowed."""
    version = log_own_code(registry, tmp_path)
    ROWS.assign(key=ROWS.index.astype(str)).to_parquet(tmp_path / "rows.parquet")
    folder = artifacts.folder(OWN, version)
    assert "triple.py" in why_not_loaded(read_flavors(folder), LoadingPolicy())
    job = Job(
        model=OWN,
        id_column="key",
        features=("a", "b"),
        time_limit_seconds=60,
        loading=LoadingPolicy(flavors=("python_function",)),
    )
    with Scorer(job, artifacts) as scorer:
        answer = scorer.score(tmp_path / "rows.parquet", [version])[version]
    assert isinstance(answer, Path), answer
    assert list(pd.read_parquet(answer)["prediction"]) == list(ROWS["a"] * 3)


def log_own_code(registry: Registry, tmp_path: Path) -> str:
    """Log a model whose class lies in a file of its own; give its version."""
    import mlflow  # noqa: PLC0415 (seconds to import)

    source = tmp_path / "triple.py"
    source.write_text(
        "import mlflow\n"
        "import pandas as pd\n"
        "class Triple(mlflow.pyfunc.PythonModel):\n"
        "    def predict(self, context, model_input: pd.DataFrame, params=None):\n"
        "        return model_input['a'] * 3\n"
        "mlflow.models.set_model(Triple())\n"
    )
    experiment = registry._connection.client().get_experiment_by_name(MODEL)
    assert experiment is not None
    with mlflow.start_run(experiment_id=experiment.experiment_id):
        logged = mlflow.pyfunc.log_model(
            name=OWN,
            python_model=str(source),
            registered_model_name=OWN,
            pip_requirements=["mlflow"],
        )
    return str(logged.registered_model_version)
