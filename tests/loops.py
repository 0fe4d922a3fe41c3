"""The engine refuses to work where an event loop runs; its tests have none of their own."""

import asyncio
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def no_event_loop() -> Iterator[None]:
    """Put aside the loop that Playwright leaves in the main thread after the browser tests."""
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(loop)
