"""Starting, recognising and ending server processes that outlive the command that starts them."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path


def spawn_detached(argv: Sequence[str], *, env: Mapping[str, str], log: Path) -> int:
    """Start a process in a session of its own and return its id.

    A shell in between ends at once, so the process is nobody's child and leaves no zombie here.
    """
    with open(log, "ab") as output:
        shell = subprocess.run(
            ["/bin/sh", "-c", '"$@" >&2 & echo $!', "sh", *argv],
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=output,
            start_new_session=True,
            check=True,
        )
    return int(shell.stdout)


def command_line(pid: int) -> str:
    """Return the command a live process runs; empty when there is none (or only a zombie)."""
    proc = Path(f"/proc/{pid}")
    if Path("/proc/self").exists():
        try:
            return (proc / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    listing = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return listing.stdout.strip()


def find(mark: str) -> list[int]:
    """Return the ids of the live processes whose command contains `mark`.

    Unlike a pid file this knows of a process that was started a moment ago, by a command that was
    cut short, and never takes a stranger with a used-up id for ours.
    """
    if not Path("/proc/self").exists():
        listing = subprocess.run(
            ["ps", "-axww", "-o", "pid=,command="], capture_output=True, text=True, check=False
        )
        lines = [line.strip().partition(" ") for line in listing.stdout.splitlines()]
        return [int(pid) for pid, _, command in lines if mark in command]
    pids = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
    return [pid for pid in pids if mark in command_line(pid)]


def read_pid(path: Path, *, mark: str) -> int | None:
    """Return the id in a pid file, if that process lives and its command contains `mark`.

    Ids are used again by the system: without the mark a stale file could name a stranger.
    """
    try:
        pid = int(path.read_text().split()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return None
    command = command_line(pid)
    return pid if command and mark in command else None


def children(pid: int) -> list[int]:
    """Return the ids of the direct children of a process (Linux; empty elsewhere)."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            if int(status.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(status.parent.name))
    return found


def send(pids: Iterable[int], number: signal.Signals) -> None:
    """Send a signal to each process that is still there."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def wait_gone(pids: Iterable[int], *, seconds_max: float) -> bool:
    """Wait until none of the processes lives; false when one still does."""
    waiting = set(pids)
    deadline = time.monotonic() + seconds_max
    while waiting := {pid for pid in waiting if command_line(pid)}:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
