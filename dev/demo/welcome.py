"""What is learned of a client when it becomes one, and its documents: collected, asked for, renewed."""

import hashlib
from datetime import date, datetime, timedelta

from fpdf import FPDF

from dev.demo import occasions
from dev.demo.business import Client, choose_hours, find_family, list_clients
from dev.demo.desk import Desk, Sight, Thing
from dev.demo.habits import after, draw_for
from dev.demo.house import REQUIREMENT

GOOD_FOR = timedelta(days=700)
_FAMILY = find_family(list_clients())


def collect_documents(desk: Desk, client: Client, account_id: str) -> bool:
    """Complete the checklist: one item on the day after, the others when the account is activated;
    whether all is there."""
    days = client.onboarding_days
    is_complete = days is not None and desk.day >= after(client.opens_on, days)
    if not is_complete and desk.day != after(client.opens_on, 1):
        return False
    for item in list(desk.client.list(f"/v1/accounts/{account_id}/checklist-items")):
        if item["status"] == "open":
            document: Thing = {"document": f"{client.slug}/{item['name'].lower()}.pdf"}
            if item["needs_expiry"]:
                document["expires_on"] = str(_choose_expiry(client, item["name"], desk.day))
            desk.do(f"/v1/checklist-items/{item['checklist_item_id']}/complete", document)
            if not is_complete:
                return False
    return is_complete


def get_to_know(desk: Desk, client: Client, account_id: str, sight: Sight, *, by: str) -> None:
    """Its hours, what it consents to, what to know of it, the visits to it, whom it belongs to."""
    path, draw = f"/v1/accounts/{account_id}", draw_for(client.number, "welcome")
    if (hours := choose_hours(client)) is not None:
        desk.do(path, {"opening_hours": hours}, verb="PATCH", by=by)
    if draw.random() < 0.3:
        said = {"channel": "phone", "is_given": draw.random() < 0.7, "how": "In the contract."}
        desk.do(f"{path}/consents", said, by=by)
    if draw.random() < 0.4:
        note = {"text": draw.choice(occasions.NOTES), "is_pinned": draw.random() < 0.5}
        desk.do(f"{path}/notes", note, by=by)
    if draw.random() < 0.1:
        desk.do(f"{path}/notes", {"text": "Haggles; be patient.", "is_private": True}, by=by)
    if client.tier == "key":
        series = {"account_id": account_id, **occasions.choose_series(client)}
        desk.do("/v1/activity-series", series, by=by)
    number, payer = _FAMILY.get(client.number, (None, None))
    if number is not None:
        parent = sight.accounts[number]["account_id"]
        desk.do(f"{path}/parent", {"parent_id": parent, "payer": payer}, verb="PUT")


def renew_licence(desk: Desk, client: Client, account: Thing, *, by: str) -> None:
    """Collect the licence that expires anew; of the larger clients as a file of its own."""
    expires_on, renewed_on = occasions.choose_licence(client)
    if desk.day != renewed_on:
        return
    path = f"/v1/accounts/{account['account_id']}/checklist-items"
    [item] = [one for one in desk.client.list(path) if one["name"] == REQUIREMENT["name"]]
    sent = {
        "document": f"{client.slug}/licence {expires_on.year + 2}.pdf",
        "expires_on": str(expires_on + GOOD_FOR),
    }
    if client.tier == "key":
        sent["file_id"] = _send_file(desk, client, account["account_id"], by=by)
    desk.do(f"/v1/checklist-items/{item['checklist_item_id']}/complete", sent, by=by)


def _choose_expiry(client: Client, name: str, today: date) -> date:
    return occasions.choose_licence(client)[0] if name == REQUIREMENT["name"] else today + GOOD_FOR


def _send_file(desk: Desk, client: Client, account_id: str, *, by: str) -> str:
    content = _draw_licence(client, desk.now)
    kind = {"kind": "checklist_document", "account_id": account_id, "name": "licence.pdf"}
    told = {**kind, "media_type": "application/pdf", "size": len(content)}
    file_id = str(desk.do("/v1/files/accounts", told, by=by)["file_id"])
    path = f"/v1/files/accounts/{file_id}"
    desk.person(by).put(f"{path}/parts/1", content)
    desk.do(f"{path}/finish", {"sha256": hashlib.sha256(content).hexdigest()}, by=by)
    return file_id


def _draw_licence(client: Client, now: datetime) -> bytes:
    paper = FPDF()
    paper.set_creation_date(now)
    paper.add_page()
    paper.set_font("helvetica", size=12)
    paper.multi_cell(0, 8, f"{REQUIREMENT['name']}\n{client.name}\nrenewed on {now.date()}")
    return bytes(paper.output())
