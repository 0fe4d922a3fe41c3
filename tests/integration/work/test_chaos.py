"""The kill test in short: workers killed -9 at random moments lose and double nothing."""

from benchmarks.chaos import run
from benchmarks.players import Plan


def test_nothing_is_lost_or_posted_twice() -> None:
    plan = Plan(
        messages=40,
        kills=6,
        seed=7,
        gap=2.0,
        has_desk=False,
        is_scripted=True,
        lost_answers=0.15,
        refusals=0.0,
    )
    result = run(plan, None)
    assert result.is_clean, result
    assert (result.items, sum(result.killed.values())) == (40, 6)


def test_the_seed_names_the_victims() -> None:
    plan = Plan(messages=40, kills=6, seed=7)
    victims = ["worker 1", "worker 2", "desk", "postgres"]
    assert plan.schedule(victims) == plan.schedule(victims)
    assert [who for _, who in plan.schedule(victims)].count("postgres") == 1
