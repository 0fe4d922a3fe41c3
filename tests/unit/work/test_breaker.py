"""The breaker: five failures in a row, then one trial after a pause that doubles."""

from datetime import UTC, datetime, timedelta

from agent.domain.work import BREAKER_LIMIT, BREAKER_PAUSE_MAX, Breaker, Direction

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)


def after(failures: int) -> Breaker:
    breaker = Breaker(channel_instance="inbox", direction=Direction.WRITE, updated_at=NOW)
    for _ in range(failures):
        breaker = breaker.failed("down", NOW)
    return breaker


def test_it_opens_at_the_fifth_failure_in_a_row_and_not_before() -> None:
    assert after(BREAKER_LIMIT - 1).admits(NOW)
    opened = after(BREAKER_LIMIT)
    assert not opened.admits(NOW + timedelta(seconds=59))
    assert opened.admits(NOW + timedelta(seconds=60))


def test_a_success_in_between_starts_the_count_again() -> None:
    assert after(BREAKER_LIMIT - 1).worked(NOW).failed("down", NOW).failures == 1


def test_one_trial_goes_alone_and_its_failure_doubles_the_pause() -> None:
    later = NOW + timedelta(minutes=2)
    trial = after(BREAKER_LIMIT).on_trial(later)
    assert not trial.admits(later)
    failed = trial.failed("down", later)
    assert failed.retry_at == later + timedelta(minutes=2)
    assert trial.worked(later).admits(later)


def test_the_pause_has_an_end() -> None:
    retry_at = after(40).retry_at
    assert retry_at is not None
    assert retry_at - NOW == BREAKER_PAUSE_MAX
