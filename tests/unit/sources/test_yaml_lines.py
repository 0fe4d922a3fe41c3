"""YAML with lines: what is read, and what a bad file is told."""

import pytest

from knowledge.sources.yaml_lines import YamlError, load_yaml


def test_scalars_are_read_as_a_person_means_them() -> None:
    text = "closes: 18:30\nanswer: no\nday: 2026-12-01\nmax: 3\nrate: 1.5\non: true\nnone: ~\n"
    assert load_yaml(text).data == {
        "closes": "18:30",
        "answer": "no",
        "day": "2026-12-01",
        "max": 3,
        "rate": 1.5,
        "on": True,
        "none": None,
    }


def test_every_node_has_its_line() -> None:
    document = load_yaml("a: 1\nb:\n  - x\n  - {y: 2}\n", first_line=10)
    assert document.lines == {
        (): 10,
        ("a",): 10,
        ("b",): 11,
        ("b", 0): 12,
        ("b", 1): 13,
        ("b", 1, "y"): 13,
    }
    assert document.line_of(("b", 1, "missing")) == 13


def test_merged_blocks_are_read() -> None:
    data = load_yaml("base: &b {x: 1, y: 2}\nother:\n  <<: *b\n  y: 3\n").data
    assert data["other"] == {"x": 1, "y": 3}


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a: b: c", 1, "mapping values"),
        ("a: 1\nb: 'x", 2, "end of stream"),
        ("a: 1\n\tb: 2", 2, "tab character"),
        ("a: 1\nb: 2\na: 3", 3, "`a` is written twice"),
        ("x: 1\ny: &a [*a]", 2, "contains itself"),
        ("---\na: 1\n---\nb: 2", 3, "another document"),
        ("a: !!python/object:os.system x", 1, "constructor"),
        ("? [a]\n: 1", 1, "a key is not a word"),
        ("a: \x01", 1, "control characters"),
        ("- " * 3000, 1, "nested too deep"),
    ],
)
def test_bad_yaml_names_the_line_and_the_mend(text: str, line: int, what: str) -> None:
    with pytest.raises(YamlError) as caught:
        load_yaml(text)
    assert caught.value.line == line
    assert what in caught.value.what
    assert caught.value.mend


def test_a_bomb_of_aliases_is_refused() -> None:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 9))
    with pytest.raises(YamlError, match="values"):
        load_yaml(f"l0: &l0 [x]\n{levels}")
