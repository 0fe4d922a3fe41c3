"""The house rules that no linter holds: sizes, packaging, no addresses, closed lists in step."""

import ast
import importlib
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("agent", "knowledge", "prompts", "ui", "evals")
FILE_LINES = 350
FUNCTION_LINES = 50


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or 0) - node.lineno + 1


@pytest.mark.parametrize("path", list(sources()), ids=lambda p: str(p.relative_to(ROOT)))
def test_file_and_functions_stay_small(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= FILE_LINES
    assert [name for name, lines in functions(path) if lines > FUNCTION_LINES] == []


def test_functions_are_short_in_the_main() -> None:
    lengths = sorted(lines for path in sources() for _, lines in functions(path))
    assert statistics.median(lengths) <= 10
    assert lengths[int(len(lengths) * 0.9)] <= 30


@pytest.mark.parametrize("package", PACKAGES)
def test_our_packages_are_ours(package: str) -> None:
    found = importlib.import_module(package).__file__
    assert found is not None
    assert Path(found).resolve().is_relative_to(ROOT)


def test_the_desk_folder_shadows_no_package() -> None:
    in_the_way = {*PACKAGES, "pages", "queue", "types", "tests"}
    names = {path.stem for path in (ROOT / "ui").iterdir() if path.name != "__pycache__"}
    assert not names & in_the_way


def test_tests_are_no_packages() -> None:
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_no_registry_address_and_no_machine_path_is_committed() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    forbidden = re.compile(
        rb"pypi\.org|pythonhosted|registry\.npmjs|deb\.debian\.org|/root/|/home/\w+/|/work/(main|shared)"
    )
    offenders = []
    for name in listed.stdout.decode().split("\0"):
        path = ROOT / name
        if path.is_file() and path != Path(__file__) and forbidden.search(path.read_bytes()):
            offenders.append(name)
    assert offenders == []


def test_no_lock_file_with_addresses_is_committed() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, check=True)
    names = {Path(name).name for name in listed.stdout.decode().splitlines()}
    assert not names & {"uv.lock", "pylock.toml"}


def test_ci_runs_the_documented_command() -> None:
    assert "make test" in (ROOT / ".ci/run").read_text("utf-8")
    readme = (ROOT / "README.md").read_text("utf-8")
    first_screen = "\n".join(readme.splitlines()[:40])
    assert "make demo" in first_screen
    assert "make test" in first_screen


def test_the_command_starts_without_what_only_some_commands_need() -> None:
    heavy = "{'sqlalchemy', 'presidio_analyzer', 'chromadb', 'numpy', 'dbos', 'streamlit'}"
    code = f"import sys, agent.cli; agent.cli.build(); print({heavy} & sys.modules.keys())"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"
