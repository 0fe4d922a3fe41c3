"""Reads a brand pack: every problem of every file, collected and raised together."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from agent.adapters.brand_pack.files import EXEMPLARS, POLICY, PackFiles, read_files
from agent.adapters.brand_pack.integrity import broken_references
from agent.adapters.brand_pack.statements import read_statements
from agent.adapters.brand_pack.wording import PackWording as Wording
from agent.domain.brand import Brand, BrandPack, Exemplar
from agent.domain.brand.pack import Guideline
from agent.domain.errors import BrandPackError
from knowledge.passages import Passage
from knowledge.problems import Problem
from knowledge.sources.entries import read_entries
from knowledge.sources.validation import dotted, problems_of
from knowledge.sources.yaml_lines import YamlDocument, YamlError, load_yaml

_Model = TypeVar("_Model", bound=BaseModel)
_NO_FAQ = Problem.told("faq", None, Wording.FAQ_EMPTY)


def load_pack(path: Path) -> BrandPack:
    """Return the brand pack in the folder `path`.

    Raises:
        BrandPackError: the pack is not valid; `.problems` has each file, line and mend.
    """
    return pack_of(read_files(path), str(path))


def pack_of(files: PackFiles, place: str) -> BrandPack:
    """Return the brand pack that `files` make; `place` names it in an error.

    Raises:
        BrandPackError: as `load_pack`.
    """
    problems = files.problems
    document = _yaml(files, POLICY, problems)
    policy = _validated(Brand, document, POLICY, problems) if document else None
    passages = _passages(files, problems)
    statements = read_statements(files, problems)
    exemplars = _exemplars(files, problems)
    problems.extend(_duplicates(passages, Wording.ENTRY_TWICE))
    problems.extend(_duplicates(statements, Wording.STATEMENT_TWICE))
    problems.extend(_duplicates(exemplars, Wording.EXEMPLAR_TWICE))
    lines = {dotted(at): line for at, line in document.lines.items()} if document else {}
    if policy:
        problems.extend(broken_references(policy, statements, lines))
    if problems or policy is None:
        raise BrandPackError(f"{place}: {_count(problems)}", problems)
    return BrandPack(
        policy=policy,
        passages=tuple(passages),
        statements=tuple(statements),
        exemplars=tuple(exemplars),
        guidelines=_guidelines(files),
        version=files.version,
        lines=lines,
        load_warnings=(*files.warnings, *([] if passages else [_NO_FAQ])),
    )


def _count(problems: list[Problem]) -> str:
    return "1 problem" if len(problems) == 1 else f"{len(problems)} problems"


def _yaml(files: PackFiles, name: str, problems: list[Problem]) -> YamlDocument | None:
    if name not in files.texts:
        return None
    try:
        return load_yaml(files.texts[name])
    except YamlError as error:
        problems.append(error.in_file(name))
        return None


def _validated(
    model: type[_Model], document: YamlDocument, file: str, problems: list[Problem]
) -> _Model | None:
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        problems.extend(problems_of(error, model, document, file))
        return None


def _passages(files: PackFiles, problems: list[Problem]) -> list[Passage]:
    passages: list[Passage] = []
    for name in files.inside("faq"):
        found, wrong = read_entries(files.texts[name], name)
        passages.extend(found)
        problems.extend(wrong)
    return passages


def _exemplars(files: PackFiles, problems: list[Problem]) -> list[Exemplar]:
    document = _yaml(files, EXEMPLARS, problems)
    if document is None or document.data is None:
        return []
    if not isinstance(document.data, list):
        problems.append(Problem.told(EXEMPLARS, 1, Wording.EXEMPLARS_NOT_LIST))
        return []
    exemplars = []
    for index, given in enumerate(document.data):
        one = YamlDocument(given, _below(document.lines, index))
        if found := _validated(Exemplar, one, EXEMPLARS, problems):
            source = f"{EXEMPLARS}:{one.lines[()]}"
            exemplars.append(found.model_copy(update={"source": source}))
    return exemplars


def _below(lines: dict[Any, int], index: int) -> dict[Any, int]:
    return {path[1:]: line for path, line in lines.items() if path[:1] == (index,)}


def _duplicates(items: Iterable[Any], wording: Wording) -> list[Problem]:
    first: dict[tuple[str, str], str] = {}
    found = []
    for item in items:
        file, _, line = item.source.rpartition(":")
        earlier = first.setdefault((item.id, item.lang), item.source)
        if earlier != item.source:
            said = wording.filled(name=item.id, lang=item.lang.value, first=earlier)
            found.append(Problem.of(file, int(line), said))
    return found


def _guidelines(files: PackFiles) -> tuple[Guideline, ...]:
    return tuple(
        Guideline(name=name.removeprefix("guidelines/").removesuffix(".md"), text=text)
        for name in files.inside("guidelines")
        if (text := files.texts[name].strip())
    )
