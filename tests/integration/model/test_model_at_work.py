"""Many messages under a mix of every fault, through intake into the store: nobody is lost."""

from pathlib import Path

from benchmarks.model_faults import drill

MESSAGES = 120


def test_every_message_gets_a_safe_item_whatever_the_model_does(tmp_path: Path) -> None:
    found = drill(MESSAGES, seed=7, folder=tmp_path)
    assert found.items == MESSAGES
    assert (found.leaks, found.obeyed, found.unsupported) == (0, 0, 0)
    assert found.by_model > 0
    assert found.calls > found.by_model
    assert len(found.drawn) > 10
