"""Reads files of cases: every problem of every file, with its line, raised together."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from agent.domain.errors import ConfigurationError
from evals.cases import CASES, Case, Suite
from knowledge.problems import Problem
from knowledge.sources.validation import problems_of
from knowledge.sources.yaml_lines import YamlDocument, YamlError, YamlPath, load_yaml


class CaseFileError(ConfigurationError):
    """The eval cases cannot be used: mend the lines named, or leave the file out."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        """Every problem found, in the order of the files."""
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__("\n".join([f"eval cases: {count}", *map(str, problems)]))


def shipped_cases(suite: Suite = Suite.FULL) -> tuple[Case, ...]:
    """Return the cases that ship with Portevoix.

    Raises:
        CaseFileError: a file is not valid.
    """
    return tuple(case for case in load_cases([CASES]) if case.is_in(suite))


def load_cases(places: Iterable[Path], brand: str | None = None) -> tuple[Case, ...]:
    """Return the cases of every YAML file in `places` (files or folders), in the order of paths.

    `brand` is the brand of the cases that name none.

    Raises:
        CaseFileError: a place does not exist, a file is not valid, or an id is there twice.
    """
    cases: list[Case] = []
    problems: list[Problem] = []
    for path in _files(places, problems):
        found, wrong = _read(path, {"brand": brand} if brand else {})
        cases.extend(found)
        problems.extend(wrong)
    problems.extend(_duplicates(cases))
    if problems:
        raise CaseFileError(problems)
    return tuple(cases)


def _files(places: Iterable[Path], problems: list[Problem]) -> Iterator[Path]:
    for place in places:
        if place.is_dir():
            yield from sorted(path for path in place.rglob("*.yaml") if path.is_file())
        elif place.is_file():
            yield place
        else:
            mend = "give a file of cases or a folder of them"
            problems.append(Problem(str(place), None, "there is no such file or folder", mend))


def _read(path: Path, fallback: dict[str, Any]) -> tuple[list[Case], list[Problem]]:
    name = _shown(path)
    try:
        document = load_yaml(path.read_text("utf-8"))
    except YamlError as error:
        return [], [Problem(name, error.line, error.what, error.mend)]
    except UnicodeDecodeError:
        return [], [Problem(name, None, "not UTF-8", "save the file as UTF-8")]
    except OSError as error:
        return [], [Problem(name, None, f"cannot be read: {error.strerror}", "mend its rights")]
    try:
        entries = list(_entries(document, fallback))
    except _NotCases as refused:
        return [], [Problem(name, refused.line, refused.what, refused.mend)]
    cases: list[Case] = []
    problems: list[Problem] = []
    for entry in entries:
        _validate(entry, name, cases, problems)
    return cases, problems


def _validate(entry: YamlDocument, name: str, cases: list[Case], problems: list[Problem]) -> None:
    try:
        case = Case.model_validate(entry.data)
    except ValidationError as error:
        found = problems_of(error, Case, entry, name)
        problems.extend(Problem(p.file, p.line, _for_file(p.what), p.mend) for p in found)
        return
    cases.append(case.model_copy(update={"source": f"{name}:{entry.line_of(())}"}))


def _for_file(what: str) -> str:
    return what.replace("`the file`", "the case")


class _NotCases(ValueError):
    def __init__(self, line: int, what: str) -> None:
        self.line = line
        self.what = what
        self.mend = "write a list of cases, or `defaults:` and `cases:`"
        super().__init__(what)


def _entries(document: YamlDocument, fallback: dict[str, Any]) -> Iterator[YamlDocument]:
    """Yield each case with the file's defaults under it, and the line of each of its keys."""
    data, defaults = document.data, YamlDocument(fallback, {})
    at: YamlPath = ()
    if isinstance(data, dict):
        unknown = [key for key in data if key not in {"defaults", "cases"}]
        if unknown:
            raise _NotCases(document.line_of((unknown[0],)) or 1, f"unknown key `{unknown[0]}`")
        below = _at(document, ("defaults",))
        given = below.data if below.data is not None else {}
        if not isinstance(given, dict):
            raise _NotCases(document.line_of(("defaults",)) or 1, "`defaults` is not a block")
        defaults = YamlDocument({**fallback, **given}, below.lines)
        data, at = data.get("cases"), ("cases",)
    if not isinstance(data, list):
        raise _NotCases(document.line_of(at) or 1, "there is no list of cases")
    for index, one in enumerate(data):
        own = _at(document, (*at, index))
        if not isinstance(one, dict):
            raise _NotCases(own.line_of(()) or 1, "a case is not a block of keys")
        if "source" in one:
            raise _NotCases(own.line_of(("source",)) or 1, "unknown key `source`")
        lines = {**defaults.lines, **own.lines}
        yield YamlDocument(_merged(defaults.data, one), lines)


def _at(document: YamlDocument, path: YamlPath) -> YamlDocument:
    data = document.data
    for part in path:
        data = data.get(part) if isinstance(data, dict) else data[part]
    lines = {
        at[len(path) :]: line for at, line in document.lines.items() if at[: len(path)] == path
    }
    return YamlDocument(data, lines)


def _merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Return `over` with what it lacks from `under`; blocks are joined key by key."""
    both = dict(under)
    for key, value in over.items():
        below = under.get(key)
        is_block = isinstance(below, dict) and isinstance(value, dict)
        both[key] = _merged(below, value) if is_block and below is not None else value
    return both


def _duplicates(cases: Iterable[Case]) -> list[Problem]:
    first: dict[str, str] = {}
    found = []
    for case in cases:
        earlier = first.setdefault(case.id, case.source)
        if earlier != case.source:
            file, _, line = case.source.rpartition(":")
            mend = f"the first is in {earlier}: give one of them another id"
            found.append(Problem(file, int(line), f"the case id `{case.id}` is there twice", mend))
    return found


def _shown(path: Path) -> str:
    """Return the path as a reader of a report finds it: from the repository for shipped cases."""
    if path.is_relative_to(CASES):
        return f"evals/cases/{path.relative_to(CASES).as_posix()}"
    return path.as_posix()
