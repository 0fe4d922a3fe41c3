"""YAML with the line of every node, so that a problem can be shown where it is written.

Scalars are read as in YAML 1.2: `18:30` and `no` stay text, dates are left to the schema. With the
1.1 rules of the library, a closing hour of 18:30 would become the number 1110.
"""

import re
from typing import Any, NamedTuple

import yaml

from knowledge.problems import Problem, Value
from knowledge.sources.wording import SourceWording as Wording

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

YamlPath = tuple[str | int, ...]

_MOST_NODES = 100_000
"""Far above any pack; a few nested aliases can stand for billions of values."""


class YamlDocument(NamedTuple):
    """The data of a document, and the line of each of its nodes."""

    data: Any
    lines: dict[YamlPath, int]

    def line_of(self, path: tuple[Any, ...]) -> int | None:
        """Return the line of the node at `path`, or of its nearest known parent."""
        for length in range(len(path), -1, -1):
            if (line := self.lines.get(tuple(path[:length]))) is not None:
                return line
        return None


class YamlError(ValueError):
    """The text is not the YAML we read; the line and the mend are attributes."""

    def __init__(self, line: int, wording: Wording, /, **values: Value) -> None:
        self.line = line
        self.remark = wording.filled(**values)
        self.what = self.remark.what
        self.mend = self.remark.mend
        super().__init__(f"line {line}: {self.what} ({self.mend})")

    def in_file(self, file: str) -> Problem:
        """Return the problem it is in `file`."""
        return Problem.of(file, self.line, self.remark)


class _Loader(_Base):  # type: ignore[misc]
    """The safe loader with the scalars of YAML 1.2."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("merge", r"<<", "<"),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?(?:0|[1-9][0-9]*)?\.[0-9]+(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_first)
    )


def load_yaml(text: str, first_line: int = 1) -> YamlDocument:
    """Return the one document of `text`; its first line has the number `first_line`.

    Raises:
        YamlError: not YAML, a key written twice, or a node that contains itself.
    """
    try:
        loader = _Loader(text)
    except yaml.YAMLError as error:
        raise _refused(error, first_line) from None
    try:
        node = loader.get_single_node()
        if node is None:
            return YamlDocument(None, {(): first_line})
        lines: dict[YamlPath, int] = {}
        _number(node, (), first_line, lines, ())
        return YamlDocument(loader.construct_document(node), lines)
    except yaml.YAMLError as error:
        raise _refused(error, first_line) from None
    except RecursionError:
        raise YamlError(first_line, Wording.YAML_DEEP) from None
    finally:
        loader.dispose()


def _number(
    node: yaml.Node, path: YamlPath, first: int, lines: dict[YamlPath, int], above: tuple[int, ...]
) -> None:
    line = node.start_mark.line + first
    lines.setdefault(path, line)
    if id(node) in above:
        raise YamlError(line, Wording.YAML_LOOP)
    if len(lines) > _MOST_NODES:
        raise YamlError(line, Wording.YAML_LARGE, most=_MOST_NODES)
    inside = (*above, id(node))
    if isinstance(node, yaml.MappingNode):
        for name, value in _pairs(node, first):
            lines[*path, name] = value.start_mark.line + first
            _number(value, (*path, name), first, lines, inside)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _number(value, (*path, index), first, lines, inside)


def _pairs(node: yaml.MappingNode, first: int) -> list[tuple[str, yaml.Node]]:
    """Return the keys and values; the value's mark becomes the key's, where a reader looks."""
    pairs: dict[str, yaml.Node] = {}
    for key, value in node.value:
        line = key.start_mark.line + first
        if not isinstance(key, yaml.ScalarNode):
            raise YamlError(line, Wording.YAML_KEY)
        if key.value in pairs:
            raise YamlError(line, Wording.YAML_KEY_TWICE, name=key.value)
        value.start_mark = key.start_mark
        pairs[key.value] = value
    return list(pairs.items())


_CUES = (
    ("tab character", Wording.YAML_TAB),
    ("mapping values are not allowed", Wording.YAML_COLON),
    ("found unexpected end of stream", Wording.YAML_OPEN),
    ("could not find expected ':'", Wording.YAML_NO_COLON),
    ("expected <block end>", Wording.YAML_ALIGN),
    ("expected a single document", Wording.YAML_DOCUMENTS),
    ("cannot start any token", Wording.YAML_TOKEN),
    ("undefined alias", Wording.YAML_ALIAS),
    ("control characters", Wording.YAML_INVISIBLE),
)


def _refused(error: yaml.YAMLError, first_line: int) -> YamlError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    what = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "not readable")
    line = first_line + (mark.line if mark else 0)
    told = f"{what} {error}"
    wording = next((wording for cue, wording in _CUES if cue in told), Wording.YAML_OTHER)
    return YamlError(line, wording, problem=what)
