"""docs/subscribing.md says what the contracts say: how an event looks, and what in it is personal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest

from dev.contracts import generate
from dev.state import PROJECT

_REST, _, _PERSONAL = (PROJECT / "docs/subscribing.md").read_text().partition("## What is personal")
_ENVELOPE = _REST.partition("## What an event looks like")[2].partition("\n## ")[0]
ROW = re.compile(r"^\| `([a-z_.]+)` \| [^|]+ \| ((?:`[a-z_.*]+` ?)+) *\|$", re.MULTILINE)
PERSONAL = [
    (field, pattern)
    for field, patterns in ROW.findall(_PERSONAL)
    for pattern in re.findall(r"`([^`]+)`", patterns)
]

# Texts that no schema bounds, and that name nobody: numbers of documents, codes, goods, services.
NOBODYS = {
    **dict.fromkeys(
        "number invoice_number item.invoice_number items.invoice_number order_number orders changed "
        "code method level_name language time_zone lines.sku lines.description answered_by "
        "objected_by campaign parent_number payer_number lines.exemption_reason".split(),
        "*",
    ),
    "country": "accounts.*",
    "name": "accounts.checklist_item_*",
    "phones.kind": "accounts.contact_*",
    "service": "accounts.events_wanted",
    **dict.fromkeys(("about_id", "about_number"), "*"),
    "products": "accounts.praise_given",
    "sha256": "*",
    "month": "sales.inventory_reported",
    "lines.unsold.description": "sales.return_accepted",
    **dict.fromkeys(("kind", "unit", "caused_by"), "sales.stock_moved"),
    "known_by": "*.account_known",
    "cause": "accounts.remedy_granted",
    "basis": "collections.fee_*",
    "sku": "sales.*",
    **dict.fromkeys(
        ("delivery_address.country", "delivery_address.country_name"), "sales.shipment_sent"
    ),
    **dict.fromkeys(("changes.sku", "changes.field"), "sales.order_amended"),
    "description": "sales.shipment_late",
    "about": "*",
    **dict.fromkeys(("roles", "channel"), "*.contact_due"),
    **dict.fromkeys(("reasons.kind", "reasons.about"), "accounts.worklist_item_done"),
    **dict.fromkeys(
        "addresses.kind addresses.country addresses.country_name external_references.system "
        "opening_hours.opens opening_hours.closes".split(),
        "accounts.*",
    ),
    **dict.fromkeys(
        "legal_name languages tax_ids.kind tax_ids.value bank_accounts.iban "
        "bank_accounts.bic bank_accounts.bank email_from logo_file_id logo".split(),
        "accounts.company_*",
    ),
}
PEOPLE = ("con_", "stf_")
BOUNDS = {"enum", "format", "pattern"}


def leaves_of(schema: dict[str, Any], root: dict[str, Any], path: str = "") -> Iterator[Any]:
    """The fields that hold a value, by their place: `items.balance` is that of each of the items."""
    if "$ref" in schema:
        schema = root["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for choice in schema.get("anyOf", ()):
        yield from leaves_of(choice, root, path)
    for name, field in schema.get("properties", {}).items():
        yield from leaves_of(field, root, f"{path}.{name}".strip("."))
    if "items" in schema:
        yield from leaves_of(schema["items"], root, path)
    elif "properties" not in schema and "anyOf" not in schema:
        yield path, schema


FIELDS = sorted(
    {
        (f"{path.parts[-3]}.{path.stem.rpartition('.')[0]}", place, json.dumps(schema))
        for path in generate.FOLDER.glob("*/events/*.json")
        for root in [json.loads(path.read_text())]
        for place, schema in leaves_of(root, root)
    }
)


def may_name_people(event: str, place: str, schema: dict[str, Any]) -> bool:
    """Whether it is a text that nothing bounds, or the id of a person."""
    if any(mark in schema.get("pattern", "") for mark in PEOPLE):
        return True
    is_free = "string" in schema.get("type", ()) and not schema.keys() & BOUNDS
    return is_free and not fnmatchcase(event, NOBODYS.get(place, ""))


def test_an_event_has_the_fields_that_are_told() -> None:
    told = {
        field
        for first in re.findall(r"^\| (`[^|]+) \|", _ENVELOPE, re.MULTILINE)
        for field in re.findall(r"`([a-z]+)`", first)
    }
    document = json.loads((generate.FOLDER / "asyncapi.json").read_text())
    for channel in document["channels"].values():
        for message in channel["messages"].values():
            fields = message["payload"]["schema"]["properties"].keys()
            assert fields == told


@pytest.mark.parametrize("event", sorted({event for event, _, _ in FIELDS}))
def test_every_field_that_may_name_people_is_listed(event: str) -> None:
    found = {
        place
        for name, place, schema in FIELDS
        if name == event and may_name_people(event, place, json.loads(schema))
    }
    listed = {field for field, pattern in PERSONAL if fnmatchcase(event, pattern)}
    assert found <= listed, (
        f"{event}: is it personal? Then list it in docs/subscribing.md; else it is one of NOBODYS"
    )


def test_what_is_listed_is_there_and_what_is_taken_for_nobodys() -> None:
    there = {(event, place) for event, place, _ in FIELDS}
    for field, pattern in (*PERSONAL, *NOBODYS.items()):
        assert any(fnmatchcase(event, pattern) and place == field for event, place in there), field
