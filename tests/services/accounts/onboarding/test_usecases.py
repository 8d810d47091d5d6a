"""No account becomes active before its checklist is settled."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.callers import Caller
from kernel.ids import new_id
from kernel.refusals import Conflict, Invalid, Refusal

pytestmark = pytest.mark.server

DEFAULT = {
    "Signed contract",
    "Tax certificate",
    "Credit check",
    "Payment details",
    "Delivery address",
}


COLLEAGUE = Caller("stf_colleague", frozenset({"*"}))


def checklist(office, account_id: str) -> dict[str, dict[str, Any]]:
    page = office.do("list_checklist_items", account_id=account_id)
    return {item["name"]: item for item in page["items"]}


def test_onboarding_begins_with_what_is_required_of_everybody(office) -> None:
    account = office.account()
    assert checklist(office, account["account_id"]) == {}
    begun = office.do("begin_onboarding", account_id=account["account_id"])
    assert begun["status"] == "onboarding"
    items = checklist(office, account["account_id"])
    assert items.keys() == DEFAULT
    assert {item["status"] for item in items.values()} == {"open"}


def test_an_account_is_activated_once_nothing_is_missing(office) -> None:
    account_id = office.onboarding_account()["account_id"]
    with pytest.raises(Conflict, match="Signed contract") as refusal:
        office.do("activate_account", account_id=account_id)
    assert len(refusal.value.facts["missing"]) == len(DEFAULT)
    office.settle_checklist(account_id)
    assert office.do("activate_account", account_id=account_id)["status"] == "active"


def test_a_prospect_is_not_activated(office) -> None:
    with pytest.raises(Conflict) as refusal:
        office.do("activate_account", account_id=office.account()["account_id"])
    assert refusal.value.code == "wrong_status"


def test_an_item_of_its_own_stands_in_the_way_too(office) -> None:
    account_id = office.onboarding_account()["account_id"]
    office.settle_checklist(account_id)
    own = office.do("add_checklist_item", account_id=account_id, name="Site visit")
    with pytest.raises(Conflict, match="Site visit"):
        office.do("activate_account", account_id=account_id)
    office.caller = COLLEAGUE
    office.do(
        "waive_checklist_item",
        checklist_item_id=own["checklist_item_id"],
        reason="Visited last year.",
    )
    assert office.do("activate_account", account_id=account_id)["status"] == "active"


def test_who_completed_an_item_and_when_is_known_and_announced(office) -> None:
    account_id = office.onboarding_account()["account_id"]
    item = checklist(office, account_id)["Tax certificate"]
    office.announced()
    done = office.do(
        "complete_checklist_item",
        checklist_item_id=item["checklist_item_id"],
        document="scan.pdf",
        expires_on="2026-12-31",
    )
    assert done == item | {
        "version": item["version"] + 1,
        "status": "completed",
        "document": "scan.pdf",
        "expires_on": "2026-12-31",
        "completed_at": "2026-01-05T09:00:00+00:00",
        "completed_by": "key_office",
        "collected_by": "key_office",
    }
    assert office.announced() == ["checklist_item_completed"]


def test_the_document_itself_may_be_a_file_of_the_account(office) -> None:
    account_id = office.onboarding_account()["account_id"]
    item_id = checklist(office, account_id)["Signed contract"]["checklist_item_id"]
    first, second = office.scan(account_id), office.scan(account_id)
    for file_id in (first, first, second):
        done = office.do("complete_checklist_item", checklist_item_id=item_id, file_id=file_id)
        assert done["file_id"] == file_id
        assert done["file_media_type"] == "application/pdf"
        assert done["file_sha256"] == office.do("get_file", file_id=file_id)["sha256"]
    assert checklist(office, account_id)["Signed contract"]["file_id"] == second
    told = [data["file_id"] for _, data, _ in office.session.info["announced"][-3:]]
    assert told == [first, first, second]
    kept = [office.do("get_file", file_id=file_id) for file_id in (first, second)]
    assert [file["attached_to"] for file in kept] == [item_id, item_id]  # history is a fact
    again = office.do("complete_checklist_item", checklist_item_id=item_id, document="in a folder")
    assert (again["file_id"], again["file_sha256"], again["file_media_type"]) == (None,) * 3


def test_no_other_file_settles_an_item(office) -> None:
    account_id = office.onboarding_account()["account_id"]
    items = checklist(office, account_id)
    used = office.scan(account_id)
    other_item = items["Delivery address"]["checklist_item_id"]
    office.do("complete_checklist_item", checklist_item_id=other_item, file_id=used)
    item = items["Signed contract"]
    for file_id, code in {
        new_id("fil"): "file_not_found",
        office.scan(office.account(name="Other")["account_id"]): "file_not_found",
        office.begin_scan(account_id): "file_not_finished",
        used: "file_in_use",
    }.items():
        with pytest.raises(Refusal) as refusal:
            office.do(
                "complete_checklist_item",
                checklist_item_id=item["checklist_item_id"],
                file_id=file_id,
            )
        assert refusal.value.code == code
        assert refusal.value.errors[0]["field"] == "file_id"
    assert checklist(office, account_id)["Signed contract"] == item


def test_a_document_that_expires_says_when(office) -> None:
    account_id = office.onboarding_account()["account_id"]
    item = checklist(office, account_id)["Tax certificate"]
    with pytest.raises(Invalid) as refusal:
        office.do("complete_checklist_item", checklist_item_id=item["checklist_item_id"])
    assert refusal.value.code == "expiry_missing"


def test_an_expired_document_stands_in_the_way_until_it_is_renewed(office) -> None:
    account_id = office.onboarding_account()["account_id"]
    office.settle_checklist(account_id)
    item_id = checklist(office, account_id)["Tax certificate"]["checklist_item_id"]
    office.do("complete_checklist_item", checklist_item_id=item_id, expires_on="2026-01-06")
    office.pass_days(2)
    with pytest.raises(Conflict, match=r"Tax certificate \(expired\)"):
        office.do("activate_account", account_id=account_id)
    office.do("complete_checklist_item", checklist_item_id=item_id, expires_on="2027-01-06")
    assert office.do("activate_account", account_id=account_id)["status"] == "active"


def test_requirements_change_for_those_who_begin_afterwards(office) -> None:
    before = office.onboarding_account()["account_id"]
    office.do("add_requirement", name="Data protection agreement")
    all_ = {one["name"]: one for one in office.do("list_requirements")["items"]}
    office.do(
        "retire_requirement",
        onboarding_requirement_id=all_["Credit check"]["onboarding_requirement_id"],
    )
    after = office.onboarding_account(name="Later")["account_id"]
    assert checklist(office, before).keys() == DEFAULT
    assert checklist(office, after).keys() == DEFAULT - {"Credit check"} | {
        "Data protection agreement"
    }


def test_a_closed_account_is_reopened_with_what_was_settled_and_what_is_new(office) -> None:
    account_id = office.active_account()["account_id"]
    office.close(account_id)
    office.do("add_requirement", name="Data protection agreement")
    again = office.do("reopen_account", account_id=account_id, reason="Came back.")
    assert again["status"] == "onboarding"
    statuses = {name: item["status"] for name, item in checklist(office, account_id).items()}
    assert statuses == dict.fromkeys(DEFAULT, "completed") | {"Data protection agreement": "open"}


def test_items_are_added_only_while_onboarding(office) -> None:
    account_id = office.active_account()["account_id"]
    with pytest.raises(Conflict, match="only while it is onboarding"):
        office.do("add_checklist_item", account_id=account_id, name="Too late")


def test_a_checklist_has_an_end(office, monkeypatch) -> None:
    monkeypatch.setattr("services.accounts.onboarding.usecases.ITEMS_MAX", len(DEFAULT))
    account_id = office.onboarding_account()["account_id"]
    with pytest.raises(Conflict) as refusal:
        office.do("add_checklist_item", account_id=account_id, name="One too many")
    assert refusal.value.code == "checklist_full"


@pytest.mark.parametrize("who", ["who completed", "who collected"])
def test_who_fills_in_does_not_waive(office, who: str) -> None:
    ada = office.staff()["staff_id"]
    account_id = office.onboarding_account()["account_id"]
    items = checklist(office, account_id)
    done = {"checklist_item_id": items["Delivery address"]["checklist_item_id"]}
    assert office.do("complete_checklist_item", **done, collected_by_id=ada)["collected_by"] == ada
    waived = {
        "checklist_item_id": items["Signed contract"]["checklist_item_id"],
        "reason": "Pays in advance.",
    }
    if who == "who collected":
        office.caller = Caller(ada, frozenset({"*"}), None, ada)
    with pytest.raises(Conflict) as refused:
        office.do("waive_checklist_item", **waived)
    assert refused.value.code == "same_person"
    assert refused.value.errors[0]["field"] == "checklist_item_id"
    office.caller = COLLEAGUE
    assert office.do("waive_checklist_item", **waived)["status"] == "waived"


def test_who_collected_it_is_somebody_we_know(office) -> None:
    account_id = office.onboarding_account()["account_id"]
    item_id = checklist(office, account_id)["Delivery address"]["checklist_item_id"]
    unknown = {"collected_by_id": new_id("stf")}
    with pytest.raises(Refusal) as refused:
        office.do("complete_checklist_item", checklist_item_id=item_id, **unknown)
    assert refused.value.errors[0]["field"] == "collected_by_id"
