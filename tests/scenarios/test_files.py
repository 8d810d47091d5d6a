"""A file of 25 MiB goes in and out through HTTP, whatever happens on its way, and stands in no memory."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from dev import servers as development_servers
from dev.system import System
from tests.contracts.promised import CheckedClient
from tests.migrated import MigratedSystem, make_migrated

pytestmark = pytest.mark.server
MIB = 1024 * 1024
HEAD = b"%PDF-1.7\n"
FILES = "/v1/files/accounts"


class Archive:
    """A system with accounts and a gateway, and an account whose documents are sent."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.client = CheckedClient(system.url, system.api_key)
        person = {"name": "Ada Ross", "email": "ada@firm.example", "role": "account_manager"}
        self.owner_id = self.client.post("/v1/staff", person)["staff_id"]
        self.account_id = self.open_account()

    def open_account(self) -> str:
        account = {
            "name": "Client Ltd",
            "country": "IE",
            "currency": "EUR",
            "language": "en",
            "time_zone": "Europe/Dublin",
            "net_days": 14,
            "credit_limit": None,
            "email": "client@example.com",
            "owner_id": self.owner_id,
        }
        return str(self.client.post("/v1/accounts", account)["account_id"])

    def announcement(self, size: int, **more: Any) -> dict[str, Any]:
        return {
            "kind": "checklist_document",
            "account_id": self.account_id,
            "name": "Auszug für Ärzte.pdf",
            "media_type": "application/pdf",
            "size": size,
            **more,
        }

    def begin(self, size: int) -> str:
        return str(self.client.post(FILES, self.announcement(size))["file_id"])

    def send_part(self, file_id: str, content: bytes, number: int) -> None:
        part = content[(number - 1) * MIB : number * MIB]
        answer = self.client.send("PUT", f"{FILES}/{file_id}/parts/{number}", part)
        assert answer.status == 200, answer.data

    def finish(self, file_id: str, content: bytes) -> dict[str, Any]:
        path = f"{FILES}/{file_id}/finish"
        file: dict[str, Any] = self.client.post(path, {"sha256": sha256(content)})
        return file

    def send(self, content: bytes) -> str:
        file_id = self.begin(len(content))
        for number in range(1, -(-len(content) // MIB) + 1):
            self.send_part(file_id, content, number)
        assert self.finish(file_id, content)["status"] == "finished"
        return file_id

    def peaks_while_it_goes_in_and_out(self, content: bytes) -> dict[str, int]:
        """How many bytes of memory each process had at most meanwhile."""
        pids = {name: self.system.supervisor.pid(name) for name in ("accounts", "gateway")}
        for pid in pids.values():
            Path(f"/proc/{pid}/clear_refs").write_text("5")  # the peak begins anew
        assert self.read(self.send(content)) == content
        return {name: peak_memory(pid) for name, pid in pids.items() if pid is not None}

    def read(self, file_id: str) -> bytes:
        answer = self.client.send("GET", f"{FILES}/{file_id}/content")
        assert answer.status == 200, answer.data
        return answer.body


@pytest.fixture(scope="module")
def archive() -> Iterator[Archive]:
    servers = make_migrated(f"files{os.getpid()}")
    environment = {"STEWARD_CALLS_PER_KEY": "100"}
    with MigratedSystem(
        servers=servers, clock="system", services=["accounts"], environment=environment
    ) as system:
        yield Archive(system)
    development_servers.drop_instance(servers.instance)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def peak_memory(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024


def test_the_largest_file_takes_no_more_memory_than_a_small_one(archive: Archive) -> None:
    content = HEAD + os.urandom(25 * MIB - len(HEAD))
    small = content[: 3 * MIB]
    archive.peaks_while_it_goes_in_and_out(small)  # what is loaded once, is loaded
    usual = archive.peaks_while_it_goes_in_and_out(small)
    largest = archive.peaks_while_it_goes_in_and_out(content)
    for name, peak in largest.items():  # what comes and goes with each part differs by some MiB
        assert peak - usual[name] < 16 * MIB < len(content) - len(small), name


def test_a_service_that_is_killed_in_the_middle_has_all_that_it_had_taken(
    archive: Archive,
) -> None:
    content = HEAD + os.urandom(8 * MIB)
    file_id = archive.begin(len(content))
    numbers = [5, 1, 9, 3, 2, 8, 4, 7, 6]
    with ThreadPoolExecutor(3) as pool:
        first = [pool.submit(archive.send_part, file_id, content, one) for one in numbers[:4]]
        first[1].result()
        archive.system.kill("accounts")
        rest = [pool.submit(archive.send_part, file_id, content, one) for one in numbers[4:]]
        for sent in first + rest:
            sent.result()
    archive.system.kill("accounts")
    finished = archive.finish(file_id, content)
    assert (finished["received"], finished["sha256"]) == (len(content), sha256(content))
    assert archive.read(file_id) == content


def test_two_who_send_the_same_parts_at_once_make_one_file(archive: Archive) -> None:
    content = HEAD + os.urandom(3 * MIB)
    file_id = archive.begin(len(content))
    with ThreadPoolExecutor(4) as pool:
        for sent in [
            pool.submit(archive.send_part, file_id, content, number)
            for number in (1, 1, 2, 2, 3, 3, 4, 4)
        ]:
            sent.result()
    assert archive.finish(file_id, content)["received"] == len(content)
    assert archive.read(file_id) == content


def test_a_document_settles_an_item_of_the_checklist_and_is_read_again(archive: Archive) -> None:
    client, account = archive.client, f"/v1/accounts/{archive.account_id}"
    client.post(f"{account}/begin-onboarding")
    item = next(client.list(f"{account}/checklist-items"))
    file_id = archive.send(HEAD)
    path = f"/v1/checklist-items/{item['checklist_item_id']}/complete"
    settled = client.post(path, {"file_id": file_id, "expires_on": "2030-12-31"})
    assert (settled["status"], settled["file_id"]) == ("completed", file_id)
    file = client.get(f"{FILES}/{file_id}")
    assert (file["attached_to"], file["kept_until"]) == (item["checklist_item_id"], None)
    answer = client.send("GET", f"{FILES}/{file_id}/content")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert answer.headers["etag"] == f'"{sha256(HEAD)}"'
    same = client.send(
        "GET", f"{FILES}/{file_id}/content", headers={"If-None-Match": answer.headers["etag"]}
    )
    assert (same.status, same.body) == (304, b"")
    some = client.send("GET", f"{FILES}/{file_id}/content", headers={"Range": "bytes=1-3"})
    assert (some.status, some.body) == (206, HEAD[1:4])
    assert client.send("DELETE", f"{FILES}/{file_id}").data["code"] == "file_in_use"


def test_a_strangers_key_finds_nothing_and_changes_nothing(archive: Archive) -> None:
    finished, begun = archive.send(HEAD), archive.begin(len(HEAD))
    other = archive.open_account()
    key = {"name": "stranger", "scopes": ["*"], "accounts": [other]}
    client = archive.client.as_holder_of(archive.client.post("/v1/api-keys", key)["key"])
    for file_id in (finished, begun):
        for verb, path, body in [
            ("GET", "", None),
            ("GET", "/content", None),
            ("PUT", "/parts/1", b"x"),
            ("POST", "/finish", {"sha256": sha256(HEAD)}),
            ("DELETE", "", None),
        ]:
            answer = client.send(verb, f"{FILES}/{file_id}{path}", body)
            assert (answer.status, answer.data["code"]) == (404, "file_not_found"), verb + path
    refused = client.send("POST", FILES, archive.announcement(10))
    assert (refused.status, refused.data["code"]) == (404, "account_not_found")
    assert archive.read(finished) == HEAD
    archive.send_part(begun, HEAD, 1)


def test_what_is_wrong_is_named_with_its_field(archive: Archive) -> None:
    def send(verb: str, path: str, body: Any) -> tuple[int, str, list[str]]:
        answer = archive.client.send(verb, f"{FILES}{path}", body)
        places = [
            error.get("pointer", error.get("parameter")) for error in answer.data.get("errors", [])
        ]
        return answer.status, answer.data["code"], places

    file_id = archive.begin(len(HEAD))
    parts, finish = f"/{file_id}/parts", f"/{file_id}/finish"
    invalid = (422, "invalid_fields")
    too_large = archive.announcement(25 * MIB + 1)
    assert send("POST", "", too_large) == (*invalid, ["/size"])
    assert send("POST", "", archive.announcement(0)) == (*invalid, ["/size"])
    for name in ("../../etc/passwd", "a\r\nb", "gpj.\u202eexe", " ", "x" * 201):
        hostile = archive.announcement(1, name=name)
        assert send("POST", "", hostile) == (*invalid, ["/name"])
    page = archive.announcement(1, media_type="text/html")
    assert send("POST", "", page) == (*invalid, ["/media_type"])
    assert send("PUT", f"{parts}/0", b"x") == (*invalid, ["number"])
    assert send("PUT", f"{parts}/1", b"") == (*invalid, [""])
    assert send("PUT", f"{parts}/1", bytes(MIB + 1)) == (413, "body_too_large", [])
    assert send("PUT", f"{parts}/1", bytes(100)) == (422, "part_too_large", [""])
    assert send("PUT", f"{parts}/1", {"a": 1}) == (415, "media_type_not_supported", [])
    assert send("POST", finish, {"sha256": sha256(b"")}) == (409, "file_incomplete", [])
    text = b"not a PDF"
    archive.send_part(file_id, text, 1)
    assert send("PUT", f"{parts}/1", HEAD) == (409, "part_differs", ["number"])
    assert send("POST", finish, {"sha256": sha256(HEAD)}) == (422, "hash_differs", ["/sha256"])
    of_other_type = send("POST", finish, {"sha256": sha256(text)})
    assert of_other_type == (422, "media_type_differs", ["file_id"])


def test_a_key_names_one_file(archive: Archive) -> None:
    announcement = archive.announcement(10)
    first = archive.client.send("POST", FILES, announcement, key="file-1")
    again = archive.client.send("POST", FILES, announcement, key="file-1")
    assert first.status == again.status == 201
    assert first.data == again.data
    assert first.headers["location"] == f"{FILES}/{first.data['file_id']}"
    assert again.headers["idempotent-replayed"] == "true"


def test_it_is_what_any_client_of_http_can_do(archive: Archive) -> None:
    content = HEAD + os.urandom(MIB // 2)
    file_id = archive.send(content)
    headers = {"Authorization": f"Bearer {archive.system.api_key}"}
    url = f"{archive.system.url}{FILES}/{file_id}/content"
    with httpx.stream("GET", url, headers=headers) as answer:
        assert b"".join(answer.iter_raw()) == content
    assert httpx.head(url, headers=headers).headers["Content-Length"] == str(len(content))
