"""Secrets in files: made at first use, readable by their owner only, passwords derived from one."""

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, in one step."""
    _write_draft(path, text).replace(path)


def remember(path: Path, make: Callable[[], str]) -> str:
    """Return what a file holds; made first, for its owner's eyes only, if it is not there. Of several
    that make it at once one does, and all get what that one has made."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = _write_draft(path, make())
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text()


def load_secret(folder: Path) -> str:
    """Return the secret of a folder, from which its passwords are derived; made at first use."""
    return remember(folder / "secret", lambda: secrets.token_hex(32))


def derive_password(secret: str, name: str) -> str:
    """Return the password of a user: always the same for one secret, and told by it alone."""
    return hmac.new(secret.encode(), name.encode(), hashlib.sha256).hexdigest()[:40]


def _write_draft(path: Path, text: str) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    return draft
