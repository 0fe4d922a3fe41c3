"""Loads prompt files and fills them in, strictly: a missing or a spare variable is an error.

A prompt is `prompts/<step>/<name>.md`: YAML front matter (`id`, `version`, `role`, `variables`),
then `# System` and `# User`. Both are Jinja2 in its sandbox, where an undefined name is an error.
Partials live in `_partials/` and are taken in with `{% include "_partials/x.md" %}`.

Everything that is filled in is data. A variable is escaped (`<`, `>`, `&`), so that nobody's words
can close the block they stand in; the templates write their blocks as `<customer_message>`.
"""

import hashlib
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

FOLDER = Path(__file__).parent
_FRONT = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
_PARTS = re.compile(r"\A\s*# System\n(.*?)\n# User\n(.*)\Z", re.DOTALL)
_INCLUDED = re.compile(r"""{%-?\s*include\s+["']([^"']+)["']""")
_VERSION = re.compile(r"\d+\.\d+\.\d+")
_KEYS = {"id", "version", "role", "about", "variables"}


class PromptProblem(Exception):
    """A prompt file, the lock or a call of `render` is wrong; says which, where and the mend."""


@dataclass(frozen=True)
class Prompt:
    """One prompt file, read and checked."""

    id: str
    version: str
    role: str
    variables: frozenset[str]
    system: str
    user: str
    sha256: str
    """Of the file and of every partial it takes in."""


@dataclass(frozen=True)
class Rendered:
    """The two messages of a call, and the prompt they were made from."""

    prompt: Prompt
    system: str
    user: str


class PromptLibrary:
    """Every prompt under one folder; safe to share between threads."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Read and check every prompt of `folder`.

        Raises:
            PromptProblem: naming the file, what is wrong with it, and the mend.
        """
        self._environment = _environment(folder)
        read = [self._read(folder, path) for path in prompt_files(folder)]
        self._prompts = {prompt.id: prompt for prompt in read}

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        """Every prompt, by id."""
        return tuple(self._prompts[key] for key in sorted(self._prompts))

    def render(self, prompt_id: str, **variables: Any) -> Rendered:
        """Return the prompt filled in with exactly the variables it declares.

        Raises:
            PromptProblem: no such prompt; a variable is missing, or one is not declared.
        """
        prompt = self._prompts.get(prompt_id)
        if prompt is None:
            known = ", ".join(sorted(self._prompts))
            raise PromptProblem(f"there is no prompt {prompt_id!r}; there is: {known}")
        _refuse_other(prompt, variables)
        return Rendered(
            prompt, self._fill(prompt, "system", variables), self._fill(prompt, "user", variables)
        )

    def _fill(self, prompt: Prompt, part: str, variables: Mapping[str, Any]) -> str:
        template = self._environment.from_string(getattr(prompt, part))
        try:
            return template.render(variables).strip()
        except TemplateError as error:
            raise PromptProblem(
                f"prompt {prompt.id}, {part}: {error.message}; give every name it uses"
            ) from None

    def _read(self, folder: Path, path: Path) -> Prompt:
        name = path.relative_to(folder).as_posix()
        front, body = _split(name, path.read_text("utf-8"))
        parts = _PARTS.match(body)
        if parts is None:
            raise PromptProblem(f"{name}: write `# System`, then `# User`, each on its own line")
        prompt = Prompt(
            id=_id_of(name, front),
            version=_version_of(name, front),
            role=str(front["role"]),
            variables=frozenset(front["variables"] or ()),
            system=parts.group(1),
            user=parts.group(2),
            sha256=_hash_of(folder, path),
        )
        self._refuse_undeclared(name, prompt, folder)
        return prompt

    def _refuse_undeclared(self, name: str, prompt: Prompt, folder: Path) -> None:
        """Every name a template uses is declared, and every declared one is used."""
        sources = [prompt.system, prompt.user]
        sources += [path.read_text("utf-8") for path in _partials(folder, "\n".join(sources))]
        try:
            trees = [self._environment.parse(source) for source in sources]
        except TemplateError as error:
            raise PromptProblem(f"{name}: {error.message}") from None
        used = {variable for tree in trees for variable in meta.find_undeclared_variables(tree)}
        if missing := sorted(used - prompt.variables):
            raise PromptProblem(f"{name}: uses {', '.join(missing)}; add it to `variables`")
        if spare := sorted(prompt.variables - used):
            raise PromptProblem(f"{name}: declares {', '.join(spare)} and does not use it")


@cache
def shipped() -> PromptLibrary:
    """Return the prompts of this installation.

    Raises:
        PromptProblem: a file is wrong.
    """
    return PromptLibrary()


def prompt_files(folder: Path) -> Sequence[Path]:
    """Return the prompt files of `folder`, in order; partials and the changelog are none."""
    return [
        path
        for path in sorted(folder.glob("*/*.md"))
        if not path.parent.name.startswith(("_", "."))
    ]


class Ready(str):
    """Text a template shows as it stands: the two parts of a prompt that was already filled in."""

    __slots__ = ()


def _as_data(value: object) -> object:
    """Escape what is filled in: nobody's words can close the block that holds them.

    Quotes and apostrophes stay: they close nothing here, and « l'eau » must read so.
    """
    return value if isinstance(value, Ready) else html.escape(str(value), quote=False)


def _environment(folder: Path) -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        finalize=_as_data,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _refuse_other(prompt: Prompt, variables: Mapping[str, Any]) -> None:
    given = set(variables)
    if missing := sorted(prompt.variables - given):
        raise PromptProblem(f"prompt {prompt.id}: {', '.join(missing)} was not given")
    if spare := sorted(given - prompt.variables):
        raise PromptProblem(f"prompt {prompt.id}: {', '.join(spare)} is not one of its variables")


def _split(name: str, text: str) -> tuple[dict[str, Any], str]:
    found = _FRONT.match(text)
    if found is None:
        raise PromptProblem(f"{name}: begin with front matter between two lines of `---`")
    try:
        front = yaml.safe_load(found.group(1))
    except yaml.YAMLError as error:
        raise PromptProblem(f"{name}: the front matter is not YAML ({error})") from None
    if not isinstance(front, dict) or set(front) != _KEYS:
        raise PromptProblem(f"{name}: the front matter has exactly {', '.join(sorted(_KEYS))}")
    return front, found.group(2)


def _id_of(name: str, front: Mapping[str, Any]) -> str:
    wanted = name.removesuffix(".md")
    if front["id"] != wanted:
        raise PromptProblem(f"{name}: `id` must be {wanted}, as the file is named")
    return wanted


def _version_of(name: str, front: Mapping[str, Any]) -> str:
    version = str(front["version"])
    if not _VERSION.fullmatch(version):
        raise PromptProblem(f"{name}: `version` is three numbers, such as 1.0.0, not {version}")
    return version


def _partials(folder: Path, source: str) -> list[Path]:
    """Return the partials that `source` takes in, and theirs."""
    found: list[Path] = []
    for included in _INCLUDED.findall(source):
        path = folder / included
        if not path.is_file():
            raise PromptProblem(f"{included}: a prompt takes it in and it does not exist")
        found += [path, *_partials(folder, path.read_text("utf-8"))]
    return list(dict.fromkeys(found))


def _hash_of(folder: Path, path: Path) -> str:
    text = path.read_text("utf-8")
    pieces = [text, *(one.read_text("utf-8") for one in _partials(folder, text))]
    return hashlib.sha256("\0".join(pieces).encode("utf-8")).hexdigest()
