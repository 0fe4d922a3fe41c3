"""A worker whose heartbeat fails once is not buried: it beats again."""

import threading
import time
from pathlib import Path

import pytest

from agent.bootstrap import open_workspace
from agent.bootstrap.shift import Shift
from agent.domain.errors import StoreError
from agent.services.work import CrewService
from agent.settings import load_settings
from evals.run import SAMPLE_BRAND


def test_a_heartbeat_that_fails_once_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "portevoix.toml").write_text(f'brands = ["{SAMPLE_BRAND.as_posix()}"]\n', "utf-8")
    space = open_workspace(load_settings(tmp_path))
    shift = Shift(space, lambda _said: None)
    beat, tries = CrewService.beat, []

    def fails_once(crew: CrewService) -> None:
        tries.append(crew)
        if len(tries) == 1:
            raise StoreError("the database is away")
        beat(crew)

    monkeypatch.setattr(CrewService, "beat", fails_once)
    monkeypatch.setattr(shift, "_beat_seconds", 0.01)
    stop = threading.Event()
    beating = threading.Thread(target=shift._keep_beating, args=(stop,))
    beating.start()
    deadline = time.monotonic() + 60
    while len(tries) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    is_alive = beating.is_alive()
    stop.set()
    beating.join(60)
    with space.store.read() as work:
        known = work.workers.all()
    space.store.close()
    assert is_alive
    assert len(known) == 1
