"""The folder where private servers and instances keep what they leave on disk."""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ops.secrets import load_secret, write_private

PROJECT = Path(__file__).resolve().parents[1]


class State:
    """One state folder: a lock, small JSON records, secrets and logs.

    Everything is a file, so that any process that names the same folder sees the same servers.
    """

    def __init__(self, folder: Path | str | None = None) -> None:
        """Use `folder`, else the one named by `STEWARD_STATE`, else `.steward` in the project."""
        chosen = folder or os.environ.get("STEWARD_STATE") or PROJECT / ".steward"
        self.folder = Path(chosen).resolve()
        self.may_use_named = folder is None

    @property
    def mark(self) -> str:
        """Short text that tells this folder's processes and files from any other's."""
        return hashlib.sha256(str(self.folder).encode()).hexdigest()[:10]

    def make_folder(self, *names: str, mode: int = 0o755) -> Path:
        """Make a folder below the state folder, if it is not there yet."""
        path = self.folder.joinpath(*names)
        path.mkdir(mode=mode, parents=True, exist_ok=True)
        return path

    def log(self, *names: str) -> Path:
        """Return the path of a log file and make the folder it lies in."""
        *folders, name = names
        return self.make_folder("logs", *folders) / f"{name}.log"

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Let one thread of one process at a time change the servers of this folder."""
        with open(self.make_folder() / "lock", "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def read(self, name: str) -> dict[str, Any]:
        """Return a JSON record, empty if it was never written."""
        try:
            record: dict[str, Any] = json.loads((self.folder / name).read_text())
        except FileNotFoundError:
            return {}
        return record

    def write(self, name: str, record: dict[str, Any]) -> None:
        """Replace a JSON record in one step: a reader sees the old one or the new one."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_private(path, json.dumps(record, indent=2, sort_keys=True) + "\n")

    def secret(self) -> str:
        """Return the secret of this folder, made at first use and readable by its owner only."""
        return load_secret(self.folder)

    def remove(self) -> None:
        """Delete the folder. The caller has stopped what runs in it."""
        shutil.rmtree(self.folder, ignore_errors=True)
