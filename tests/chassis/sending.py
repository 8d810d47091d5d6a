"""Somebody who sends files to the probe, and reads them again."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

from kernel.callers import Caller
from kernel.ids import new_id

if TYPE_CHECKING:
    from tests.chassis.conftest import Client

PDF = b"%PDF-1.7\n"
CAMT = b"<?xml version='1.0'?><Document/>"
BANK_FILE = {"kind": "bank_file", "media_type": "application/xml", "account_id": None}
LOGO = {"kind": "logo", "media_type": "image/png", "account_id": None}
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(20)


class Sender:
    """Sends files, and reads them again."""

    def __init__(self, client: Client) -> None:
        self.client = client
        client.caller = Caller(new_id("key"), frozenset({"*"}))  # has begun nothing yet
        self.account_id = new_id("acc")

    def limit(self, account_id: str) -> None:
        """From now on it is with a key that sees this account alone."""
        self.client.caller = Caller(new_id("key"), frozenset({"*"}), frozenset({account_id}))

    def announcement(self, size: int = len(PDF), **more: Any) -> dict[str, Any]:
        return {
            "kind": "note_paper",
            "account_id": self.account_id,
            "name": "paper.pdf",
            "media_type": "application/pdf",
            "size": size,
            **more,
        }

    def begin(self, size: int = len(PDF), **more: Any) -> str:
        file = self.client.result("begin_file", **self.announcement(size, **more))
        return str(file["file_id"])

    def part(self, file_id: str, number: int, content: bytes) -> dict[str, Any]:
        encoded = base64.b64encode(content).decode()
        return self.client.call("put_file_part", file_id=file_id, number=number, content=encoded)

    def finish(self, file_id: str, content: bytes) -> dict[str, Any]:
        sha256 = hashlib.sha256(content).hexdigest()
        return self.client.call("finish_file", file_id=file_id, sha256=sha256)

    def send(self, content: bytes = PDF, **more: Any) -> str:
        file_id = self.begin(len(content), **more)
        assert self.part(file_id, 1, content)["error"] is None
        answer = self.finish(file_id, content)
        assert answer["error"] is None, answer
        return file_id

    def read(self, file_id: str) -> bytes:
        content = b""
        while True:
            piece = self.client.result("get_file_content", file_id=file_id, start=len(content))
            assert len(content) < piece["size"]
            content += base64.b64decode(piece["content"])
            if len(content) == piece["size"]:
                return content


def problem(answer: dict[str, Any]) -> dict[str, Any]:
    """What an answer refuses."""
    assert answer["error"] is not None, answer
    found: dict[str, Any] = answer["error"]["problem"]
    return found
