"""The engine is tested here: no event loop is left from other tests."""

from tests.loops import no_event_loop

__all__ = ["no_event_loop"]
