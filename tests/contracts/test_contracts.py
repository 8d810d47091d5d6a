"""`contracts/` is what the code says."""

from __future__ import annotations

import json

from dev.contracts import generate


def test_contracts_are_what_the_code_says() -> None:
    assert generate.find_differences() == [], "run `make contracts` and look at what changed"


def test_every_event_file_is_complete_in_itself() -> None:
    files = list(generate.FOLDER.glob("*/events/*.json"))
    assert files
    for path in files:
        event = json.loads(path.read_text())
        assert event["description"], path
        assert event["examples"], path
        assert event["examples"][0][event["x-about"]], path
        assert event["x-sentence"] and "{" not in event["x-sentence"], path
        assert event["$ref"].rpartition("/")[2] in event["components"]["schemas"], path
