"""Turns: how many compute at once, and that whoever waits lets go."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from agent.adapters.turns import AwayEmbedder, Turns


def test_no_more_compute_than_may() -> None:
    turns = Turns(2)
    inside: list[int] = []
    most: list[int] = []

    def work(_: int) -> None:
        with turns.turn():
            inside.append(1)
            most.append(len(inside))
            Event().wait(0.005)
            inside.pop()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(24)))
    assert max(most) == 2


def test_who_is_away_lets_others_compute() -> None:
    turns, together = Turns(1), Barrier(4, timeout=30)

    def work(_: int) -> None:
        with turns.turn(), turns.away():
            together.wait()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))


def test_a_turn_ends_with_its_error_and_an_absence_too() -> None:
    turns = Turns(1)
    for _ in range(3):
        with pytest.raises(ValueError, match="broken"), turns.turn(), turns.away():
            raise ValueError("broken")


def test_without_a_turn_nothing_is_let_go() -> None:
    class Words:
        name = "words"

        def embed(self, texts: Sequence[str]) -> list[list[float]]:
            return [[float(len(text))] for text in texts]

    turns = Turns(1)
    assert AwayEmbedder(Words(), turns).embed(["ab"]) == [[2.0]]
    entered = Event()

    def enter() -> None:
        with turns.turn():
            entered.set()

    with ThreadPoolExecutor(1) as pool:
        with turns.turn():
            pool.submit(enter)
            assert not entered.wait(0.05)
        assert entered.wait(30)
