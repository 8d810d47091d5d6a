"""The files of another commit, to be measured beside those that are here."""

import io
import subprocess
import tarfile
from pathlib import Path

from dev.state import PROJECT


class UnknownCommit(ValueError):
    """There is no such commit in this repository; the text says so."""


def check_out(commit: str, folder: Path) -> None:
    """Write the files of a commit into a folder. They run with the packages that are installed here.

    Raises:
        UnknownCommit: git does not know it.
    """
    done = subprocess.run(
        ["git", "archive", "--format=tar", name_commit(commit)],
        cwd=PROJECT,
        capture_output=True,
        check=True,
    )
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")


def name_commit(commit: str) -> str:
    """The short id of a commit, by which the table names it.

    Raises:
        UnknownCommit: git does not know it.
    """
    found = subprocess.run(
        [
            "git",
            "rev-parse",
            "--verify",
            "--quiet",
            "--short",
            "--end-of-options",
            f"{commit}^{{commit}}",
        ],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode != 0:
        raise UnknownCommit(
            f"There is no commit {commit!r} here: name one that `git log` lists, or fetch it."
        )
    return found.stdout.strip()
