"""Changes values in YAML that a person wrote; every other line, comments too, stays as it is.

The wanted data is compared with the data at hand, and only the text of what differs is replaced.
Whatever cannot be changed in place (an entry on the line of its dash) is written anew, as small a
part as possible; the result is always read again and compared with what was wanted.
"""

import json
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any, NamedTuple

import yaml

from knowledge.sources.wording import SourceWording as Wording
from knowledge.sources.yaml_lines import YamlError, load_yaml

_STEP = 2
_WIDTH = 100_000
"""Texts stay on one line, as in a pack written by hand."""


class _Edit(NamedTuple):
    """Characters `start` to `end` become `text`."""

    start: int
    end: int
    text: str


class _Dumper(yaml.SafeDumper):
    """Block style with indented lists and literal blocks for texts of several lines."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)  # noqa: FBT003


def _represent(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent)


def with_data(text: str, wanted: Any) -> str:
    """Return `text` changed so that its data is `wanted`.

    Raises:
        YamlError: `text` is not YAML we read, or it holds anchors that a change would break.
    """
    have = load_yaml(text).data
    if have == wanted:
        return text
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    if node is None:
        return _dumped(wanted)
    edits = sorted(_Writer(text).edits(node, have, wanted, -_STEP), reverse=True)
    changed = text
    for edit in edits:
        changed = changed[: edit.start] + edit.text + changed[edit.end :]
    if not _says(changed, wanted):
        raise YamlError(1, Wording.YAML_KEPT)
    return changed


def _says(text: str, wanted: Any) -> bool:
    try:
        found = load_yaml(text).data
    except YamlError:
        return False
    return bool(found == wanted)


class _Writer:
    """Finds the edits of one text."""

    def __init__(self, text: str) -> None:
        self._text = text

    def edits(self, node: yaml.Node, have: Any, wanted: Any, column: int) -> Iterator[_Edit]:
        """Yield the edits that turn the data of `node` into `wanted`.

        `column`: where the key or dash stands that `node` is the value of.
        """
        if have == wanted:
            return
        is_block = isinstance(node, yaml.CollectionNode) and not node.flow_style
        is_kept = is_block and bool(wanted) and self._is_editable(node)
        if is_kept and isinstance(node, yaml.MappingNode) and isinstance(wanted, dict):
            yield from self._mapping(node, have, wanted)
        elif is_kept and isinstance(node, yaml.SequenceNode) and isinstance(wanted, list):
            yield from self._sequence(node, have, wanted)
        elif is_block and not (isinstance(wanted, dict | list) and wanted) and column >= 0:
            yield from self._emptied(node, wanted, column)
        else:
            yield self._replaced(node, wanted, column)

    def _emptied(self, node: yaml.Node, wanted: Any, column: int) -> Iterator[_Edit]:
        """Put a scalar in place of a block: behind the key, the comments below it staying."""
        start = self._line_start(node.start_mark.index)
        head = re.search(r"[:-](?=[ \t]*(?:#.*)?(?:\n[ \t]*(?:#.*)?)*$)", self._text[:start])
        if head is None or not self._is_first_entry(node):
            yield self._replaced(node, wanted, column)
            return
        yield _Edit(head.end(), head.end(), " " + _scalar(wanted, column + _STEP))
        yield _Edit(start, self._line_end(self._end(node)), "")

    def _is_first_entry(self, node: yaml.Node) -> bool:
        return isinstance(node, yaml.CollectionNode) and self._is_first(self._start(node.value[0]))

    def _is_editable(self, node: yaml.Node) -> bool:
        """Whether each entry begins its own line, the first one at least after a dash."""
        return all(self._is_first(self._start(entry)) for entry in node.value[1:])

    def _start(self, entry: Any) -> int:
        """Where an entry begins: its key, or its dash."""
        if isinstance(entry, tuple):
            return int(entry[0].start_mark.index)
        return self._text.rindex("-", 0, entry.start_mark.index)

    def _is_first(self, index: int) -> bool:
        return not self._text[self._line_start(index) : index].strip()

    def _line_start(self, index: int) -> int:
        return self._text.rfind("\n", 0, index) + 1

    def _line_end(self, index: int) -> int:
        """The end of a line, its line break included."""
        at = self._text.find("\n", index)
        return len(self._text) if at < 0 else at + 1

    def _end(self, node: yaml.Node) -> int:
        """Where the text of a node ends: a block's own mark stands after the comments below it."""
        if isinstance(node, yaml.MappingNode) and not node.flow_style and node.value:
            return self._end(node.value[-1][1])
        if isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
            return self._end(node.value[-1])
        start, end = node.start_mark.index, node.end_mark.index
        return int(start) + len(self._text[start:end].rstrip())

    def _mapping(
        self, node: yaml.MappingNode, have: dict[str, Any], wanted: dict[str, Any]
    ) -> Iterator[_Edit]:
        column = node.value[0][0].start_mark.column
        keys = {key.value: (key, value) for key, value in node.value}
        if not self._can_drop(node, [keys[name] for name in have if name not in wanted]):
            yield self._replaced(node, wanted, column - _STEP)
            return
        for name, (key, value) in keys.items():
            if name in wanted:
                yield from self.edits(value, have[name], wanted[name], column)
            else:
                yield self._dropped((key, value))
        added = {name: value for name, value in wanted.items() if name not in have}
        if added:
            yield self._inserted(_indented(_dumped(added), column), self._end(node))

    def _can_drop(self, node: yaml.CollectionNode, dropped: list[Any]) -> bool:
        return all(self._is_first(self._start(e)) for e in dropped) and len(dropped) < len(
            node.value
        )

    def _dropped(self, entry: Any) -> _Edit:
        last = entry[1] if isinstance(entry, tuple) else entry
        return _Edit(self._line_start(self._start(entry)), self._line_end(self._end(last)), "")

    def _inserted(self, lines: str, after: int) -> _Edit:
        at = self._line_end(after)
        is_open = at > 0 and self._text[at - 1] != "\n"
        return _Edit(at, at, ("\n" if is_open else "") + lines)

    def _sequence(
        self, node: yaml.SequenceNode, have: list[Any], wanted: list[Any]
    ) -> Iterator[_Edit]:
        items, dash = node.value, self._start(node.value[0])
        column = dash - self._line_start(dash)
        if not self._is_first(dash):
            yield self._replaced(node, wanted, column - _STEP)
            return
        old, new = [list(map(_canonical, side)) for side in (have, wanted)]
        for kind, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
            if kind == "equal":
                continue
            both = min(b - a, d - c)
            for step in range(both):
                yield from self.edits(items[a + step], have[a + step], wanted[c + step], column)
            for item in items[a + both : b]:
                yield self._dropped(item)
            if c + both < d:
                lines = _indented(_dumped(wanted[c + both : d]), column)
                yield self._placed(lines, items, a + both, dash)

    def _placed(self, lines: str, items: list[yaml.Node], at: int, dash: int) -> _Edit:
        if at == 0:
            start = self._line_start(dash)
            return _Edit(start, start, lines)
        return self._inserted(lines, self._end(items[at - 1]))

    def _replaced(self, node: yaml.Node, wanted: Any, column: int) -> _Edit:
        start, end = int(node.start_mark.index), self._end(node)
        is_flow = isinstance(node, yaml.CollectionNode) and node.flow_style and node.value
        if not isinstance(wanted, dict | list) or not wanted:
            before = self._text[:start].rstrip()
            space = "" if not before else " "
            start = len(before) if before else start
            return _Edit(start, end, space + _scalar(wanted, column + _STEP))
        if is_flow or column < 0:
            flat = _flow(wanted) if is_flow else _dumped(wanted).rstrip("\n")
            return _Edit(start, end, flat)
        if isinstance(node, yaml.CollectionNode) and not node.flow_style:
            at = node.start_mark.column
            return _Edit(start, end, _indented(_dumped(wanted), at).strip())
        before = self._text[:start].rstrip(" ")
        lines = _indented(_dumped(wanted), column + _STEP).rstrip("\n")
        return _Edit(len(before), end, f"\n{lines}")


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _dumped(value: Any) -> str:
    text: str = yaml.dump(
        value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH, indent=_STEP
    )
    return text


def _flow(value: Any) -> str:
    text: str = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=_WIDTH
    )
    return text.strip()


def _scalar(value: Any, column: int) -> str:
    """Return a scalar, or an empty collection, as it stands behind a key or a dash."""
    if isinstance(value, str) and "\n" in value:
        return _indented(_dumped(value), max(column, 0)).strip()
    if isinstance(value, str):
        return _flow([value])[1:-1]
    return _flow(value).removesuffix("...").strip()


def _indented(text: str, column: int) -> str:
    margin = " " * column
    return "".join(
        f"{margin}{line}" if line.strip() else line for line in text.splitlines(keepends=True)
    )
