"""The code of another commit lies beside ours, whole and without a trace in the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from dev.bench.checkout import UnknownCommit, check_out, name_commit
from dev.state import PROJECT


def test_a_commits_files_are_written_and_nothing_else(tmp_path: Path) -> None:
    check_out("HEAD", tmp_path)
    assert (tmp_path / "dev/system.py").exists()
    assert not (tmp_path / ".git").exists()
    assert not (PROJECT / ".git/worktrees").joinpath(tmp_path.name).exists()


@pytest.mark.parametrize("commit", ["no such", "--help", "HEAD:README.md"])
def test_what_names_no_commit_is_refused(commit: str) -> None:
    with pytest.raises(UnknownCommit, match="git log"):
        name_commit(commit)
