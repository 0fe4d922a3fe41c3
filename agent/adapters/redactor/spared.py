"""Presidio without spaCy, which its language engines name and none of our detectors uses.

spaCy with its command line takes 1.4 s of every start, three quarters of Presidio's own import.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from threading import Lock
from types import ModuleType
from typing import Any

PRESIDIO, SPACY = "presidio_analyzer", "spacy"
_NAMED = (SPACY, "spacy.language", "spacy.tokens", "spacy.util")
"""What Presidio 2.2 imports of spaCy."""
_lock = Lock()


class _Unused:
    """Whatever is named in annotations and decorators, and never used."""

    def __getattr__(self, name: str) -> "_Unused":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *_: Any, **__: Any) -> "_Unused":
        return self


class _StandIn(ModuleType):
    def __getattr__(self, name: str) -> _Unused:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Unused()


def import_presidio() -> None:
    """Import Presidio, and spaCy only where it is imported already (a model that finds names).

    Afterwards `import spacy` gives the real one.

    Raises:
        ImportError: presidio-analyzer is not installed.
    """
    with _lock:
        if PRESIDIO in sys.modules:
            return
        if SPACY not in sys.modules:
            # A Presidio that wants more of spaCy than names gets it, below.
            with _stood_in(), suppress(AttributeError, ImportError, TypeError):
                import_module(PRESIDIO)
        import_module(PRESIDIO)


@contextmanager
def _stood_in() -> Iterator[None]:
    sys.modules.update({name: _StandIn(name) for name in _NAMED})
    try:
        yield
    finally:
        for name in _NAMED:
            del sys.modules[name]
