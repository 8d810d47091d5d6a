"""Secrets in files."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from ops.secrets import load_secret, remember, write_private


def test_who_asks_at_once_for_the_first_time_gets_the_same(tmp_path: Path) -> None:
    for round_ in range(20):
        together = Barrier(4)

        def ask(
            number: int, path: Path = tmp_path / str(round_), barrier: Barrier = together
        ) -> str:
            def make() -> str:
                barrier.wait(10)  # all have seen that it is not there
                return str(number)

            return remember(path, make)

        with ThreadPoolExecutor(4) as pool:
            assert len(set(pool.map(ask, range(4)))) == 1


def test_what_was_made_stays_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there" / "yet"
    secret = load_secret(folder)
    assert (len(secret), load_secret(folder)) == (64, secret)
    [file] = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    write_private(tmp_path / "record", "before")
    write_private(tmp_path / "record", "after")
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("record", "after")]
