"""`portevoix.toml` as it may lie in a backup: without what opens other doors."""

import re
import tomllib
from typing import Any

from knowledge.addresses import without_credentials

CONFIG_NAME = "portevoix.toml"
_SECRET = re.compile(r"(?:^|_)(?:secret|password|token|key|passphrase|webhook_url|owner_url)$")
"""How every secret of the settings is named; a test compares it with the settings themselves."""
_NOT_SECRET = {"tls_key"}
"""A path."""
_HEADER = re.compile(r"\s*\[+\s*([^\]]+?)\s*\]+")
_KEY = re.compile(r"""\s*["']?([\w.\-"' ]+?)["']?\s*=""")


def is_secret(path: tuple[str, ...]) -> bool:
    """Whether the value of that key is a secret: by its name, or the database's address."""
    name = path[-1]
    return path[-2:] == ("store", "url") or (bool(_SECRET.search(name)) and name not in _NOT_SECRET)


def without_secrets(text: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the file with each secret's line turned into a remark, and the keys left out.

    None: a secret stands where a line cannot be taken out (an inline table, a text of several
    lines), so that the file must not be kept.
    """
    kept, left_out, section = list[str](), list[str](), ""
    for line in text.splitlines():
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            section = header.group(1)
        path = f"{section}.{key.group(1)}" if key and section else key.group(1) if key else ""
        if key and is_secret(_split(path)):
            left_out.append(path)
            line = f"# {path} was left out of the backup: set it again"
        kept.append(without_credentials(line))
    result = "\n".join(kept) + "\n"
    return (result, tuple(left_out)) if _is_clean(result) else None


def _split(path: str) -> tuple[str, ...]:
    return tuple(part.strip(" \"'") for part in path.split("."))


def _is_clean(text: str) -> bool:
    try:
        return not any(is_secret(path) for path in _paths(tomllib.loads(text), ()))
    except tomllib.TOMLDecodeError:
        return False


def _paths(value: Any, at: tuple[str, ...]) -> list[tuple[str, ...]]:
    if isinstance(value, dict):
        return [path for key, one in value.items() for path in _paths(one, (*at, key))]
    if isinstance(value, list):
        return [path for one in value for path in _paths(one, at)] or [at]
    return [at]
