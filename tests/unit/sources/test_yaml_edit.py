"""A form's change of a YAML file leaves every other line, and every comment, as it was."""

import copy
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.sources.yaml_edit import with_data
from knowledge.sources.yaml_lines import YamlError, load_yaml

ROOT = Path(__file__).parents[3]
BRANDS = [
    ROOT / "knowledge" / "brands" / name / "brand.yaml" for name in ("verjolaine", "template")
]
TEXT = """\
# The head.
a: 1   # beside

words: [un, deux]
folded: >-
  one
  two
# Above the list.
list:
  # Above x.
  - id: x
    say: "quoted"   # why
    hours: {opens: "09:00"}
  # Above y.
  - id: y
    say: plain
none: []
# The tail.
"""
Change = Callable[[Any], None]


def _set(*path: Any) -> Callable[[Any], Change]:
    def to(value: Any) -> Change:
        def change(data: Any) -> None:
            for part in path[:-1]:
                data = data[part]
            data[path[-1]] = value

        return change

    return to


def _changed(text: str, change: Change) -> tuple[str, Any]:
    wanted = copy.deepcopy(load_yaml(text).data)
    change(wanted)
    return with_data(text, wanted), wanted


def _lines_lost(before: str, after: str) -> list[str]:
    return [line for line in before.splitlines() if line not in after.splitlines()]


@pytest.mark.parametrize(
    ("change", "lost", "gained"),
    [
        (_set("a")(2), ["a: 1   # beside"], "a: 2   # beside"),
        (_set("a")("yes"), ["a: 1   # beside"], "a: 'yes'   # beside"),
        (_set("words")(["un", "trois"]), ["words: [un, deux]"], "words: [un, trois]"),
        (_set("words")([]), ["words: [un, deux]"], "words: []"),
        (_set("folded")("three"), ["folded: >-", "  one", "  two"], "folded: three"),
        (_set("list", 0, "say")("it's: so"), ['    say: "quoted"   # why'], "   # why"),
        (_set("list", 1, "say")("a\nb"), ["    say: plain"], "    say: |-"),
        (_set("list", 1, "more")(["z"]), [], "    more:\n      - z"),
        (_set("none")([{"id": "n", "n": [1]}]), ["none: []"], "none:\n  - id: n"),
        (_set("new")({"k": "v"}), [], "new:\n  k: v"),
        (lambda d: d["list"].insert(0, {"id": "w"}), [], "  - id: w\n"),
        (lambda d: d["list"].append({"id": "z"}), [], "  - id: z\n"),
        (lambda d: d["list"].pop(1), ["  - id: y", "    say: plain"], ""),
        (lambda d: d["list"][0].pop("say"), ['    say: "quoted"   # why'], ""),
        (lambda d: d.pop("words"), ["words: [un, deux]"], ""),
    ],
)
def test_only_the_lines_concerned_change(change: Change, lost: list[str], gained: str) -> None:
    after, wanted = _changed(TEXT, change)
    assert load_yaml(after).data == wanted
    assert _lines_lost(TEXT, after) == lost
    assert gained in after
    assert "# The tail." in after


def test_an_emptied_list_is_written_as_one() -> None:
    after, _ = _changed(TEXT, _set("list")([]))
    assert "list: []" in after
    assert "# Above the list." in after


@pytest.mark.parametrize("brand", BRANDS, ids=lambda path: path.parent.name)
def test_a_pack_keeps_its_comments_whatever_a_form_changes(brand: Path) -> None:
    text = brand.read_text("utf-8")

    def change(data: Any) -> None:
        data["brand"]["name"] = "Maison « Neuve » : l'atelier"
        data["languages"]["fr"]["register"] = "tu"
        data["mechanics"]["exclamation_max"] = 3
        data["escalation"]["teams"][0]["contact"] = "#canal"
        data["escalation"]["routes"][2]["acknowledge_within"] = "90 min"
        data.setdefault("lexicon", {}).setdefault("preferred", []).append(
            {"avoid": "mail", "use": "e-mail", "lang": "fr"}
        )
        data["transparency"]["unknown_texts"]["fr"] = ["Nous ne savons pas.", "Aucune idée : oui."]

    after, wanted = _changed(text, change)
    assert load_yaml(after).data == wanted
    comments = [line for line in text.splitlines() if line.lstrip().startswith("#")]
    assert comments
    assert [line for line in after.splitlines() if line.lstrip().startswith("#")] == comments
    assert len(_lines_lost(text, after)) <= 14


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.text("ab: #-'\"é\n18", max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3)
    ),
    max_leaves=6,
)
DOCUMENTS = st.dictionaries(st.sampled_from(["a", "words", "list", "none", "new"]), VALUES)


@settings(max_examples=120, deadline=None)
@given(DOCUMENTS, DOCUMENTS)
def test_any_data_is_reached_or_refused_never_mistaken(first: Any, second: Any) -> None:
    text = TEXT
    for wanted in ({**load_yaml(TEXT).data, **first}, {**first, **second, "a": 1}):
        with suppress(YamlError):
            text = with_data(text, wanted)
            assert load_yaml(text).data == wanted
