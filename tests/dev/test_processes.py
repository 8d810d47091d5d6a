"""A process is only ours if it is alive and says so itself."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dev import processes


def test_a_detached_process_is_found_by_its_mark_and_ends(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", "import time; time.sleep(60)", "-steward", "abc"]
    pid = processes.spawn_detached(argv, env=os.environ, log=tmp_path / "log")
    file = tmp_path / "pid"
    file.write_text(f"{pid}\n")
    assert processes.read_pid(file, mark="-steward abc") == pid
    assert processes.read_pid(file, mark="-steward xyz") is None
    processes.send([pid], signal.SIGKILL)
    assert processes.wait_gone([pid], seconds_max=5)
    assert processes.read_pid(file, mark="-steward abc") is None


@pytest.mark.parametrize("text", ["", "not a number", "999999999"])
def test_a_pid_file_that_means_nothing_is_nobody(tmp_path: Path, text: str) -> None:
    file = tmp_path / "pid"
    file.write_text(text)
    assert processes.read_pid(file, mark="") is None


def test_a_zombie_counts_as_gone() -> None:
    child = subprocess.Popen(["/bin/sh", "-c", "exit 0"])
    assert processes.wait_gone([child.pid], seconds_max=5)
    child.wait()
