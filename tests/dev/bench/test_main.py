"""What `make bench` is asked for, and with which status it ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dev.bench import __main__ as bench
from dev.bench.checkout import name_commit
from dev.bench.figures import MS, Figure, Result, at_most
from dev.bench.side import SideFailed


def test_without_a_word_all_rows_are_measured_once_and_no_table_is_filled() -> None:
    options = bench.read_options([])
    assert (options.rows, options.rounds) == (list(bench.ROWS), 1)
    assert options.base is options.growth is None


def test_a_base_is_named_by_its_short_id_and_measured_in_turns() -> None:
    options = bench.read_options(["payments", "--base", "HEAD"])
    assert (options.base, options.rounds) == (name_commit("HEAD"), bench.ROUNDS_BESIDE_BASE)
    assert bench.read_options(["--base", "HEAD", "--rounds", "1"]).rounds == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["writes"], "there is no row writes: there are rpc, reads"),
        (["--base", "nowhere"], "There is no commit 'nowhere' here"),
        (["--rounds", "0"], "0 is none: at least 1"),
    ],
)
def test_what_cannot_be_measured_is_refused_with_a_sentence(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        bench.read_options(arguments)
    assert said in capsys.readouterr().err


def test_a_missed_aim_is_told_and_the_status_is_0(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    missed = Result(Figure("a day", 25, MS, aim=at_most(20)), 25)
    monkeypatch.setattr(bench, "measure", lambda _: iter([missed]))
    assert bench.main([]) == 0
    assert "missed: a day: 25.0 ms, and <= 20 is the aim" in capsys.readouterr().out


def test_what_was_measured_before_a_system_failed_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measure(_: object) -> Iterator[Result]:
        yield Result(Figure("a day", 25, MS), 25)
        raise SideFailed("this: the host has ended")

    monkeypatch.setattr(bench, "measure", measure)
    assert bench.main([]) == 1
    captured = capsys.readouterr()
    assert "a day" in captured.out and "the host has ended" in captured.err
