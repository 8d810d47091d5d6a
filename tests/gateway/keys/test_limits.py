"""Rate limits: what a bucket grants over time."""

from __future__ import annotations

import pytest

from gateway.keys import limits
from gateway.problems import Problem


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, to be changed by the test."""
    now = [1000.0]
    monkeypatch.setattr(limits.time, "monotonic", lambda: now[0])
    return now


def test_a_burst_is_granted_and_then_the_rate(at: list[float]) -> None:
    bucket = limits.Bucket(rate=10, size=20)
    assert [bucket.take() for _ in range(21)] == [True] * 20 + [False]
    at[0] += 0.5
    assert [bucket.take() for _ in range(6)] == [True] * 5 + [False]
    at[0] += 3600
    assert [bucket.take() for _ in range(21)] == [True] * 20 + [False]


def test_over_a_long_time_exactly_the_rate_is_granted(at: list[float]) -> None:
    bucket = limits.Bucket(rate=10, size=20)
    granted = 0
    for _ in range(100_000):
        at[0] += 0.001
        granted += bucket.take()
    assert granted == pytest.approx(20 + 100 * 10, abs=1)


def test_one_who_is_refused_learns_when_there_is_more(at: list[float]) -> None:
    bucket = limits.Bucket(rate=0.25, size=1)
    assert bucket.take()
    assert not bucket.take()
    assert (bucket.remaining, bucket.seconds_to_next) == (0, 4)
    at[0] += bucket.seconds_to_next
    assert bucket.take()


def test_an_address_with_too_many_wrong_keys_has_to_wait(at: list[float]) -> None:
    wrong = limits.WrongKeys()
    for _ in range(int(limits.WRONG_KEYS_BURST)):
        wrong.count("10.0.0.1")
    with pytest.raises(Problem) as refused:
        wrong.count("10.0.0.1")
    assert (refused.value.status, refused.value.code) == (429, "too_many_wrong_keys")
    wrong.count("10.0.0.2")
    at[0] += 1
    wrong.count("10.0.0.1")


def test_the_addresses_remembered_are_bounded(
    at: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ADDRESSES_MAX", 10)
    wrong = limits.WrongKeys()
    for number in range(100):
        wrong.count(f"10.0.0.{number}")
    assert len(wrong._buckets) == 10
