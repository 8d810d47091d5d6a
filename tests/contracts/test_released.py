"""What is released only grows: what is lost of it is told with its address and what to do."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dev.contracts import generate
from dev.contracts.growth import find_losses
from dev.contracts.promises import Facts, Promises, is_outward, read_promises
from dev.contracts.released import CORRECTIONS, correct, find_broken, read_released, release

FILES = sorted(generate.RELEASED.glob("*.json"))
RELEASED = {file.stem: read_released(file) for file in FILES}
SERVICES = st.sampled_from(sorted(RELEASED))


@pytest.fixture
def contracts(tmp_path: Path) -> Path:
    """A copy of contracts/ whose present state is the released one."""
    folder = tmp_path / "contracts"
    shutil.copytree(generate.FOLDER, folder, ignore=shutil.ignore_patterns("released"))
    release(folder)
    return folder


def change(file: Path, by: Callable[[Any], object]) -> None:
    """Change a contract's document."""
    document = json.loads(file.read_text())
    by(document)
    file.write_text(json.dumps(document))


def test_everything_released_is_still_promised() -> None:
    assert RELEASED
    assert "\n".join(find_broken()) == ""


def test_a_deleted_field_of_a_released_event_is_told_with_its_remedy(contracts: Path) -> None:
    def delete_number(event: Any) -> None:
        del event["components"]["schemas"]["billing.InvoiceIssued"]["properties"]["number"]

    change(contracts / "billing/events/invoice_issued.v1.json", delete_number)
    [told] = find_broken(contracts)
    assert told.startswith(
        "billing: invoice_issued.v1 data/number: is gone. A released contract only"
    )
    assert "add an optional field" in told and "v2 of the event" in told


def test_nothing_is_released_while_something_released_is_lost(contracts: Path) -> None:
    before = (contracts / "released/billing.json").read_text()
    (contracts / "billing/events/invoice_issued.v1.json").unlink()
    with pytest.raises(AssertionError, match=r"invoice_issued\.v1: is gone"):
        release(contracts)
    assert (contracts / "released/billing.json").read_text() == before


def test_a_service_that_is_gone_takes_its_promises_with_it(contracts: Path) -> None:
    shutil.rmtree(contracts / "sales")
    assert any(
        told.startswith("sales: POST /v1/orders: is gone") for told in find_broken(contracts)
    )


def test_what_make_contracts_writes_leaves_alone_what_was_released() -> None:
    assert FILES
    assert not set(FILES) & generate.list_written()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_release_reads_as_one_line_for_each_promise(file: Path) -> None:
    assert file.read_text().count("\n") == len(read_released(file)) + 2


def test_a_promise_is_read_from_the_wire_and_not_from_the_names_of_schemas() -> None:
    promises = read_promises(generate.FOLDER / "billing")
    assert promises["POST /v1/payments body/instruction/#/amount"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 10**15,
        "required": True,
    }
    assert promises["GET /v1/invoices query/limit"]["default"] == 50
    assert promises["GET /v1/invoices answer/items/#/number"]["type"] == "null|string"
    assert promises["payment_received.v1 data/amount"] == {"type": "integer", "required": True}


def without(facts: Facts, *names: str) -> Facts:
    return {name: fact for name, fact in facts.items() if name not in names}


def losses_of(at: str, facts: Facts) -> list[Facts]:
    """Every way to say less at an address than these facts do."""
    if "type" not in facts:
        return [{**facts, "scope": "other"}, {**facts, "status": "299"}] if facts else []
    lost = [
        {**facts, "enum": [value for value in facts["enum"] if value != one]}
        for one in facts.get("enum", ())
    ]
    types = facts["type"].split("|")
    if is_outward(at):
        if facts["type"] != "anything":
            lost += [{**facts, "type": f"{facts['type']}|tuple"}, {**facts, "type": "anything"}]
        lost += [without(facts, name) for name in ("required", "enum", "format") if name in facts]
        return lost
    lost += [{**facts, "type": "|".join(t for t in types if t != one) or "tuple"} for one in types]
    lost += [{**facts, "pattern": "^x$"}, {**facts, "format": "byte"}]
    lost += [{**facts, name: facts[name] + 1} for name in ("minimum", "minLength") if name in facts]
    lost += [{**facts, name: facts[name] - 1} for name in ("maximum", "maxItems") if name in facts]
    lost += [{**facts, "maxLength": 0}, {**facts, "minItems": 1000}]
    lost += [] if "enum" in facts else [{**facts, "enum": ["only this"]}]
    lost += [] if "required" in facts else [{**facts, "required": True}]
    lost += [{**facts, "default": "another"}] if "default" in facts else []
    return lost


def growths_of(at: str, facts: Facts) -> list[Facts]:
    """Every way to say more at an address than these facts do."""
    if "type" not in facts:
        return []
    more = [{**facts, "enum": [*facts["enum"], "one more"]}] if "enum" in facts else []
    if is_outward(at):
        one_type = facts["type"].split("|")[-1]
        return [*more, {**facts, "required": True}, {**facts, "type": one_type}]
    more += [{**facts, "type": f"{facts['type']}|tuple"}, {**facts, "type": "anything"}]
    more += [
        without(facts, "required"),
        without(facts, "enum"),
        without(facts, "maximum", "minItems"),
    ]
    more += [{**facts, name: facts[name] + 1} for name in ("maximum", "maxLength") if name in facts]
    return more


@st.composite
def changed(draw: st.DrawFn, ways: Callable[[str, Facts], list[Facts]]) -> tuple[str, str, Facts]:
    """A service, an address of its released promises, and other facts for it."""
    service = draw(SERVICES)
    possible = [at for at, facts in sorted(RELEASED[service].items()) if ways(at, facts)]
    at = draw(st.sampled_from(possible))
    return service, at, draw(st.sampled_from(ways(at, RELEASED[service][at])))


@given(changed(losses_of))
def test_whatever_is_taken_from_a_promise_is_told(drawn: tuple[str, str, Facts]) -> None:
    service, at, facts = drawn
    losses = find_losses(RELEASED[service], RELEASED[service] | {at: facts})
    assert losses and all(loss.startswith(f"{at}: ") for loss in losses)


@given(SERVICES.flatmap(lambda of: st.tuples(st.just(of), st.sampled_from(sorted(RELEASED[of])))))
def test_whatever_is_deleted_is_told_once(drawn: tuple[str, str]) -> None:
    service, at = drawn
    is_whole = "type" not in RELEASED[service][at]  # an operation or an event
    below = f"{at} " if is_whole else f"{at}/"
    left = {
        one: facts
        for one, facts in RELEASED[service].items()
        if one != at and not one.startswith(below)
    }
    assert find_losses(RELEASED[service], left) == [f"{at}: is gone"]


@given(changed(growths_of))
def test_whatever_is_added_to_a_promise_is_growth(drawn: tuple[str, str, Facts]) -> None:
    service, at, facts = drawn
    assert find_losses(RELEASED[service], RELEASED[service] | {at: facts}) == []


NEW: list[Promises] = [
    {"GET /v1/news": {"scope": "x", "status": "200"}, "GET /v1/news query/q": {"required": True}},
    {"news_came.v1": {}, "news_came.v1 data": {"type": "object", "required": True}},
    {"invoice_issued.v2": {}, "invoice_issued.v2 data/number": {"type": "integer"}},
    {"POST /v1/payments body/tip": {"type": "integer"}},
    {
        "POST /v1/payments body/payer": {"type": "object"},
        "POST /v1/payments body/payer/name": {"type": "string", "required": True},
    },
    {"POST /v1/payments answer/tip": {"type": "integer", "required": True}},
    {"payment_received.v1 data/tip": {"type": "integer", "required": True}},
]


@pytest.mark.parametrize("new", NEW, ids=lambda new: next(iter(new)))
def test_what_nobody_has_used_yet_may_come(new: Promises) -> None:
    assert find_losses(RELEASED["billing"], RELEASED["billing"] | new) == []


@pytest.mark.parametrize(
    "at",
    [
        "POST /v1/payments body/tip",
        "POST /v1/payments body/instruction/#/tip",
        "GET /v1/invoices query/mood",
        "POST /v1/invoices/{invoice_id}/issue body",
    ],
)
def test_what_nobody_sends_yet_cannot_be_required(at: str) -> None:
    promises = without(RELEASED["billing"], at)
    needed = {at: {"type": "string", "required": True}}
    assert find_losses(promises, promises | needed) == [
        f"{at}: is new and required, and nobody sends it yet"
    ]


@pytest.mark.parametrize(
    ("was", "now", "is_lost"),
    [
        ("account", "everything", True),
        ("shared", "everything", True),
        ("everything", "account", False),
        ("account", "shared", False),
    ],
)
def test_an_endpoint_may_reach_more_callers_and_not_fewer(
    was: str, now: str, *, is_lost: bool
) -> None:
    promises = [{"GET /v1/x": {"scope": "s", "status": "200", "reach": one}} for one in (was, now)]
    assert bool(find_losses(*promises)) == is_lost


AT = "GET /v1/items/{item_id} answer/rate"
WAS, IS = {"type": "number", "required": True}, {"type": "string", "format": "decimal"}
REASON = "The wire has always said text; the tests of entrypoints show it."
CORRECTION = {"at": "* answer*/rate", "was": {"type": "number"}, "is": IS, "reason": REASON}


def test_a_declared_correction_lets_the_document_change() -> None:
    present: Promises = {AT: {**IS, "required": True}}
    assert find_losses({AT: WAS}, present) != []
    corrected, problems = correct({AT: WAS}, present, [CORRECTION])
    assert (find_losses(corrected, present), problems) == ([], [])


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": "wrong"},
        {"at": "GET /v1/nothing"},
        {"was": {"type": "integer"}},
    ],
)
def test_a_correction_that_corrects_nothing_or_has_no_reason_is_told(wrong: Facts) -> None:
    _, problems = correct({AT: WAS}, {AT: {**IS, "required": True}}, [CORRECTION | wrong])
    assert len(problems) == 1 and "Say how one knows" in problems[0]


def test_a_correction_that_is_no_longer_needed_is_told() -> None:
    _, problems = correct({AT: WAS}, {AT: WAS}, [CORRECTION])
    assert "corrects nothing" in problems[0]


def test_a_correction_excuses_nothing_else() -> None:
    present = {AT: IS}
    corrected, _ = correct({AT: WAS}, present, [CORRECTION])
    assert find_losses(corrected, present) == [f"{AT}: was always there and may be missing"]


def test_a_release_empties_the_corrections(contracts: Path) -> None:
    (contracts / "released/corrections.toml").write_text("# old\n")
    release(contracts)
    assert (contracts / "released/corrections.toml").read_text() == CORRECTIONS
