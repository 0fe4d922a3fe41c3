"""The gate: so many at once, nobody once it is closed."""

import threading
import time

import pytest

from agent.adapters.work.gate import Gate, Leaving


def test_no_more_than_its_places_are_inside_at_once() -> None:
    gate, inside, most = Gate(2), [0], [0]
    lock = threading.Lock()

    def work() -> None:
        with gate.place():
            with lock:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            time.sleep(0.01)
            with lock:
                inside[0] -= 1

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [2]


def test_closed_it_sends_away_who_waits_and_lets_who_is_inside_end() -> None:
    gate, sent_away, ended = Gate(1), threading.Event(), threading.Event()
    entered, go_on = threading.Event(), threading.Event()

    def inside() -> None:
        with gate.place():
            entered.set()
            go_on.wait(30)
        ended.set()

    def waits() -> None:
        with pytest.raises(Leaving), gate.place():
            pass
        sent_away.set()

    threading.Thread(target=inside).start()
    assert entered.wait(30)
    threading.Thread(target=waits).start()
    gate.close()
    assert sent_away.wait(30)
    assert not gate.wait_empty(0.01)
    go_on.set()
    assert gate.wait_empty(30)
    assert ended.wait(30)
