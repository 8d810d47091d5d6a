"""Programs are kept running, stop when told, and never outlive whoever runs them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dev import child, processes
from dev.child import Program
from dev.ports import free_port
from dev.state import PROJECT
from dev.supervisor import NotReadyError, Supervisor

SLEEP = "import time; time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); "
POLITE = """
import signal, sys, time
def leave(*_): print('finished what I did'); sys.exit(0)
signal.signal(signal.SIGTERM, leave); print('here')
while True: time.sleep(0.05)  # what comes just before a long sleep is heard after it
"""
SERVE = """
import http.server, sys
http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), http.server.SimpleHTTPRequestHandler)\
.serve_forever()
"""


def run(code: str, *arguments: str, name: str = "one", health: str | None = None) -> Program:
    return Program(name, (sys.executable, "-c", code, *arguments), health=health)


def wait_until(fits: Callable[[], object], seconds_max: float = 10) -> None:
    deadline = time.monotonic() + seconds_max
    while not fits():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def test_a_killed_program_runs_again(tmp_path: Path) -> None:
    with Supervisor([run(SLEEP)], logs=tmp_path) as supervisor:
        wait_until(lambda: supervisor.pid("one"))
        before = supervisor.pid("one")
        supervisor.kill("one")
        wait_until(lambda: supervisor.pid("one") not in (None, before))
    assert "ended with status -9; starts again in 0.2 s" in (tmp_path / "one.log").read_text()


def test_a_program_that_keeps_failing_is_started_ever_more_slowly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dev.child.BACKOFF_SECONDS_MIN", 0.1)
    with Supervisor([run("raise SystemExit(3)")], logs=tmp_path) as supervisor:
        wait_until(lambda: supervisor.children["one"].restarts >= 3)
    told = [line for line in (tmp_path / "one.log").read_text().splitlines() if "---" in line]
    assert [line.rpartition("in ")[2] for line in told[:3]] == ["0.1 s", "0.2 s", "0.4 s"]


def test_stopping_lets_a_program_finish(tmp_path: Path) -> None:
    log = tmp_path / "one.log"
    supervisor = Supervisor([run(POLITE)], logs=tmp_path)
    supervisor.start()
    wait_until(lambda: "here" in log.read_text() if log.exists() else False)
    supervisor.stop()
    assert "finished what I did" in log.read_text()
    assert supervisor.pid("one") is None


def test_a_program_that_will_not_stop_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dev.supervisor.STOP_SECONDS_MAX", 0.3)
    log = tmp_path / "one.log"
    supervisor = Supervisor([run(STUBBORN + SLEEP)], logs=tmp_path)
    supervisor.start()
    wait_until(lambda: "deaf" in log.read_text() if log.exists() else False)
    pid = supervisor.pid("one")
    assert pid
    supervisor.stop()
    assert not processes.command_line(pid)


def test_one_program_can_stop_and_start_while_others_go_on(tmp_path: Path) -> None:
    programs = [run(SLEEP, name="one"), run(SLEEP, name="two")]
    with Supervisor(programs, logs=tmp_path) as supervisor:
        wait_until(lambda: supervisor.pid("one") and supervisor.pid("two"))
        other = supervisor.pid("two")
        supervisor.stop("one")
        assert supervisor.pid("one") is None
        supervisor.start("one")
        wait_until(lambda: supervisor.pid("one"))
        assert supervisor.pid("two") == other


def test_ready_is_when_the_health_address_answers_200(tmp_path: Path) -> None:
    port = free_port()
    program = run(SERVE, str(port), health=f"http://127.0.0.1:{port}/")
    with Supervisor([program], logs=tmp_path) as supervisor:
        supervisor.wait_ready(seconds_max=10)
        assert supervisor.is_ready("one")
    assert not supervisor.is_ready("one")


def test_who_is_not_ready_is_told_with_the_end_of_its_log(tmp_path: Path) -> None:
    program = run("print('no money'); " + SLEEP, health=f"tcp://127.0.0.1:{free_port()}")
    with Supervisor([program], logs=tmp_path) as supervisor:
        wait_until(lambda: supervisor.children["one"].read_log_tail())
        with pytest.raises(NotReadyError, match=r"(?s)Not ready within 0 s: one\..*no money"):
            supervisor.wait_ready(seconds_max=0.2)


def test_lines_are_shown_and_kept(tmp_path: Path) -> None:
    shown: list[tuple[str, str]] = []
    program = run("print('hello'); " + SLEEP)
    supervisor = Supervisor(
        [program], logs=tmp_path, print_line=lambda name, line: shown.append((name, line))
    )
    with supervisor:
        wait_until(lambda: shown)
    assert shown[0] == ("one", "hello")
    assert "hello" in (tmp_path / "one.log").read_text()


@pytest.mark.skipif(not child._leash(), reason="needs setpriv")
def test_programs_die_with_whoever_runs_them(tmp_path: Path) -> None:
    code = f"""
import sys, time
from pathlib import Path
from dev.child import Program
from dev.supervisor import Supervisor
supervisor = Supervisor([Program("one", (sys.executable, "-c", {SLEEP!r}))], logs=Path(sys.argv[1]))
supervisor.start()
while not supervisor.pid("one"): time.sleep(0.02)
print(supervisor.pid("one"), flush=True)
time.sleep(60)
"""
    runner = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], cwd=PROJECT, stdout=subprocess.PIPE
    )
    with runner:
        assert runner.stdout
        pid = int(runner.stdout.readline())
        time.sleep(0.2)  # for the program to be more than a fork
        os.kill(runner.pid, signal.SIGKILL)
    assert processes.wait_gone([pid], seconds_max=5)
