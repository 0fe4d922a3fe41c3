"""YAML with the line of every node, so that a problem can be shown where it is written.

Scalars are read as in YAML 1.2: `18:30` and `no` stay text, dates are left to the schema. With the
1.1 rules of the library, a closing hour of 18:30 would become the number 1110.
"""

import re
from typing import Any, NamedTuple

import yaml

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

    def __init__(self, line: int, what: str, mend: str) -> None:
        self.line = line
        self.what = what
        self.mend = mend
        super().__init__(f"line {line}: {what} ({mend})")


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
        raise YamlError(first_line, "nested too deep", "write it in a few levels") from None
    finally:
        loader.dispose()


def _number(
    node: yaml.Node, path: YamlPath, first: int, lines: dict[YamlPath, int], above: tuple[int, ...]
) -> None:
    line = node.start_mark.line + first
    lines.setdefault(path, line)
    if id(node) in above:
        raise YamlError(line, "a node contains itself", "write the value out")
    if len(lines) > _MOST_NODES:
        raise YamlError(line, f"more than {_MOST_NODES:,} values", "write fewer aliases (*name)")
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
            raise YamlError(line, "a key is not a word", "write `key: value`")
        if key.value in pairs:
            raise YamlError(line, f"the key `{key.value}` is written twice", "keep one of them")
        value.start_mark = key.start_mark
        pairs[key.value] = value
    return list(pairs.items())


_MENDS = (
    ("tab character", "indent with spaces, not tabs"),
    (
        "mapping values are not allowed",
        "align the keys of a block; put a text that holds « : » between quotes",
    ),
    ("found unexpected end of stream", "close the quote or bracket opened before"),
    ("could not find expected ':'", "write `key: value`, with a space after the colon"),
    ("expected <block end>", "align the keys of one block on the same column"),
    ("expected a single document", "keep one document: remove the second `---`"),
    ("cannot start any token", "put the text between quotes; indent with spaces, not tabs"),
    ("undefined alias", "put a text that begins with * or & between quotes"),
    ("control characters", "remove the invisible character"),
)


def _refused(error: yaml.YAMLError, first_line: int) -> YamlError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    what = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "not readable")
    line = first_line + (mark.line if mark else 0)
    mend = next((mend for cue, mend in _MENDS if cue in f"{what} {error}"), "mend the YAML here")
    return YamlError(line, f"bad YAML: {what}", mend)
