"""No secret of the settings lies in a backup."""

import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr

from agent.adapters.backup import rotate, without_secrets
from agent.adapters.backup.configuration import is_secret
from agent.settings import Settings


def _secrets(model: type[BaseModel], at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, field in model.model_fields.items():
        for kind in _kinds(field.annotation):
            if kind is SecretStr:
                yield (*at, name)
            elif isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from _secrets(kind, (*at, name))


def _kinds(annotation: Any) -> Iterator[Any]:
    origin = typing.get_origin(annotation)
    if isinstance(annotation, typing.TypeAliasType if hasattr(typing, "TypeAliasType") else ()):
        yield from _kinds(annotation.__value__)
    elif origin is not None or isinstance(annotation, types.UnionType):
        for part in typing.get_args(annotation):
            yield from _kinds(part)
    else:
        yield annotation


def test_every_secret_of_the_settings_is_known_by_its_name() -> None:
    found = set(_secrets(Settings))
    assert len(found) > 12, "the walk through the settings found too few"
    assert {path for path in found if not is_secret(path)} == set()


@pytest.mark.parametrize(
    ("text", "kept", "left_out"),
    [
        ('[channels.a]\nsecret = "s3cret"\nbrand = "b"\n', 'brand = "b"', ("channels.a.secret",)),
        ('store.url = "postgresql://u:s3cret@h/d"\n', "# store.url", ("store.url",)),
        ('[store]\n"url" = "postgresql://u:s3cret@h/d"\n', "# store.url", ("store.url",)),
        ('[a]\nx = "https://u:s3cret@h/"\n', 'x = "https://***@h/"', ()),
        ('[desk]\ntls_key = "key.pem"\n', 'tls_key = "key.pem"', ()),
    ],
)
def test_secrets_leave_and_the_rest_stays(text: str, kept: str, left_out: tuple[str, ...]) -> None:
    found = without_secrets(text)
    assert found is not None
    assert kept in found[0]
    assert "s3cret" not in found[0]
    assert found[1] == left_out


@pytest.mark.parametrize(
    "text",
    [
        'channels.a = {brand = "b", secret = "s3cret"}\n',
        '[channels.a]\nsecret = """\ns3cret\n"""\n',
    ],
)
def test_a_secret_that_no_line_holds_keeps_the_file_out(text: str) -> None:
    found = without_secrets(text)
    assert found is None or "s3cret" not in found[0]


def test_rotation_removes_our_oldest_and_nothing_else(tmp_path: Path) -> None:
    names = [f"portevoix-2026112{n}T010000Z.tar.gz" for n in range(5)]
    others = ["portevoix-before-move.tar.gz", "notes.txt"]
    for name in (*names, *others):
        (tmp_path / name).write_text(name, "utf-8")
    assert [path.name for path in rotate(tmp_path, 2)] == names[2::-1]
    assert {path.name for path in tmp_path.iterdir()} == {*names[3:], *others}
