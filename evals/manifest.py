"""What a run ran: enough to know a year later why its figures are what they are."""

import hashlib
import platform
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import AwareDatetime, Field

import prompts
from agent.domain.base import Frozen, sha256_of
from agent.domain.brand import BrandPack
from evals.cases import Case
from evals.outputs import input_hash
from evals.statistics import SEED

_ROOT = Path(__file__).parents[1]
_LIBRARIES = (
    "portevoix", "pydantic", "numpy", "scipy", "scikit-learn", "presidio-analyzer", "regex",
    "rapidfuzz", "snowballstemmer", "phonenumbers", "langchain", "langchain-openai",
)  # fmt: skip


class Manifest(Frozen):
    """The circumstances of a run."""

    created_at: AwareDatetime
    suite: str = ""
    repeats: int = 1
    cases: int = 0
    cases_sha256: str = ""
    """Of what the cases ask and expect, in their order."""
    brands: dict[str, str] = Field(default_factory=dict)
    """Brand id -> its guideline version, the content hash of the pack."""
    knowledge: dict[str, str] = Field(default_factory=dict)
    """Brand id -> the hash of its passages."""
    prompts_sha256: str = ""
    """Of `prompts.lock`; empty: no prompt was in play."""
    models: dict[str, str] = Field(default_factory=dict)
    """Role -> model. `extractive` is no model at all."""
    seeds: dict[str, int] = Field(default_factory=dict)
    git: str = ""
    """The commit; `+` after it: files were changed since."""
    python: str = ""
    libraries: dict[str, str] = Field(default_factory=dict)


def manifest_of(
    cases: Sequence[Case],
    packs: Mapping[str, BrandPack],
    at: datetime,
    suite: str = "",
    repeats: int = 1,
    models: Mapping[str, str] | None = None,
) -> Manifest:
    """Return the manifest of a run over `cases` that starts at `at`."""
    return Manifest(
        created_at=at,
        suite=suite,
        repeats=repeats,
        cases=len(cases),
        cases_sha256=sha256_of(
            [[case.id, input_hash(case), case.expected.model_dump(mode="json")] for case in cases]
        ),
        brands={name: str(pack.version) for name, pack in sorted(packs.items())},
        knowledge={name: knowledge_hash(pack) for name, pack in sorted(packs.items())},
        prompts_sha256=_prompts_hash(),
        models=dict(models or {"drafter": "extractive"}),
        seeds={"bootstrap": SEED},
        git=_commit(),
        python=platform.python_version(),
        libraries=_versions(),
    )


def knowledge_hash(pack: BrandPack) -> str:
    """Return the hash of what the brand knows: its passages, wherever they are written."""
    return sha256_of(
        [passage.model_dump(mode="json", exclude={"source"}) for passage in pack.passages]
    )


def _prompts_hash() -> str:
    lock = Path(prompts.__file__ or "").with_name("prompts.lock")
    return hashlib.sha256(lock.read_bytes()).hexdigest() if lock.is_file() else ""


def _commit() -> str:
    git = shutil.which("git")
    if git is None or not (_ROOT / ".git").exists():
        return ""
    head = _said(git, "rev-parse", "HEAD")
    return head + "+" if head and _said(git, "status", "--porcelain", "-uno") else head


def _said(git: str, *words: str) -> str:
    done = subprocess.run([git, *words], cwd=_ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def _versions() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
