"""What `make parked` asks of the gateway."""

from __future__ import annotations

from typing import Any

import pytest

from ops import parked

ASKED: list[tuple[Any, ...]] = []
MESSAGE = {
    **{"parked_id": "prk_1", "parked_at": "2026-01-31", "queue": "sales.billing"},
    **{"why": "forged", "sender": "steward_sales", "attempts": 1, "error": "who?"},
}


class FakeClient:
    """Remembers what it is asked."""

    def __init__(self, *_: Any, **__: Any) -> None:
        ASKED.clear()

    def list(self, path: str) -> list[Any]:
        ASKED.append(("list", path))
        return [MESSAGE]

    def get(self, path: str) -> Any:
        ASKED.append(("get", path))
        return {"items": [{"event": "note_lost", "count": 3, "held_since": "2026-01-31"}]}

    def post(self, path: str, body: Any) -> Any:
        ASKED.append(("post", path, body))
        return {}

    def close(self) -> None:
        pass


@pytest.fixture(autouse=True)
def _fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parked, "Client", FakeClient)
    monkeypatch.setenv("API", "http://gateway")
    monkeypatch.setenv("KEY", "stw_key")
    monkeypatch.setenv("COLUMNS", "200")


@pytest.mark.parametrize(
    ("arguments", "asked"),
    [
        ("list billing", ("list", "/v1/parked/billing")),
        ("show billing prk_1", ("get", "/v1/parked/billing/prk_1")),
        ("replay billing prk_1", ("post", "/v1/parked/billing/prk_1/replay", {})),
        (
            "replay billing prk_1 --trust ours",
            ("post", "/v1/parked/billing/prk_1/replay", {"trusted_because": "ours"}),
        ),
        (
            "discard billing prk_1 --reason noise",
            ("post", "/v1/parked/billing/prk_1/discard", {"reason": "noise"}),
        ),
        ("held sales", ("get", "/v1/held-events/sales")),
        (
            "release sales note_lost --reason unused",
            (
                "post",
                "/v1/held-events/sales/release",
                {"event": "note_lost", "reason": "unused"},
            ),
        ),
    ],
)
def test_each_command_is_one_request(arguments: str, asked: tuple[Any, ...]) -> None:
    assert parked.main(arguments.split()) == 0
    assert [asked] == ASKED


def test_a_list_says_who_sent_what_and_why_it_is_parked(capsys: pytest.CaptureFixture[str]) -> None:
    parked.main(["list", "billing"])
    printed = capsys.readouterr().out
    for part in ("prk_1", "forged", "steward_sales"):
        assert part in printed


@pytest.mark.parametrize("arguments", ["discard billing prk_1", "release sales note_lost"])
def test_what_cannot_be_undone_needs_a_reason(arguments: str) -> None:
    with pytest.raises(SystemExit):
        parked.main(arguments.split())
