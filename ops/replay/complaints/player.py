"""Plays complaints through the gateway: enters those that are not there, many at once with all that was
done with them, and takes the others on from where they are."""

import re
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from threading import Lock
from typing import Any

import orjson

from ops.client import Client
from ops.replay.complaints.records import Complaint, Complaints
from ops.replay.complaints.words import ISSUES, OTHER, PATH, RECEIVED
from ops.replay.hand import Hand, list_accounts
from ops.replay.people import hire

SYSTEM = "complaints"
"""What the other system is called in references."""
SUBJECT_MAX = 200
BATCH = 500  # rows in a request
BATCH_BYTES = 900_000
CASE_BYTES = 2000  # more than any is long, besides what the consumer says
_SUBJECT = re.compile(r"CFPB (\d+): ")
_DONE: Mapping[str, int] = {
    status: steps for steps, status in enumerate((RECEIVED, *PATH.values()))
}


class Player:
    """Plays the complaints of one file into one system. Nothing that is there is done again."""

    def __init__(self, hand: Hand, complaints: Complaints, *, zone: tzinfo) -> None:
        """Describe what to play where, and in which zone the file's days are; `play` does it."""
        self._hand = hand
        self._client = hand.client
        self._complaints = complaints
        self._zone = zone
        self._staff_ids: Mapping[str, str] = {}
        self._cause_ids: Mapping[str, str] = {}
        self._account_ids: dict[str, str] = {}
        self._refused: dict[str, str] = {}
        self._contact_ids: dict[str, str] = {}
        self._cases: Mapping[int, Mapping[str, Any]] = {}
        self._locks = {company: Lock() for company in complaints.companies}

    def play(self) -> None:
        """Enter what the system does not have, and take on what has gone on since."""
        self._hand.stand_after(self._complaints.last_day)
        self._staff_ids = hire(self._hand, self._complaints.people)
        self._cause_ids = self._add_causes()
        self._cases = list_cases(self._client)
        self._open_accounts()
        new = [one for one in self._complaints.rows if one.number not in self._cases]
        self._hand.each_batch("case", self._enter, divide(new))
        known = [one for one in self._complaints.rows if one.number in self._cases]
        ahead = [one for one in known if self._steps_ahead(one) is not None]
        self._hand.each("case", self._take_on, ahead)

    def _add_causes(self) -> Mapping[str, str]:
        ids = {one["name"]: one["case_cause_id"] for one in self._client.list("/v1/case-causes")}
        for cause in sorted({meaning.cause for meaning in (*ISSUES.values(), OTHER)}):
            if cause.name not in ids:
                added = self._hand.post("/v1/case-causes", cause._asdict())
                ids[cause.name] = added["case_cause_id"]
        return ids

    def _open_accounts(self) -> None:
        known = list_accounts(self._client, SYSTEM)
        self._account_ids = {company: one["account_id"] for company, one in known.items()}
        companies = self._complaints.companies.values()
        missing = [one for one in companies if one.company not in self._account_ids]
        for first in range(0, len(missing), BATCH):
            batch = missing[first : first + BATCH]
            body = {"accounts": [self._describe_account(one) for one in batch]}
            for result in self._hand.post("/v1/account-batches", body)["results"]:
                company = batch[result["index"]].company
                if "code" in result:
                    self._refused[company] = result["detail"]
                else:
                    self._account_ids[company] = result["account_id"]

    def _describe_account(self, first: Complaint) -> Mapping[str, Any]:
        return {
            "system": SYSTEM,
            "reference_id": first.company,
            "name": first.company,
            "country": "US",
            "time_zone": "America/New_York",
            "currency": "USD",
            "language": "en",
            "net_days": 30,
            "credit_limit": None,
            "preferred_channel": "post",
            "owner_id": self._staff_ids[self._complaints.owner_of(first)],
        }

    def _find_contact(self, company: str) -> str:
        """Who confirms for a company that something is solved, added by whoever needs them first."""
        path = f"/v1/accounts/{self._account_ids[company]}/contacts"
        with self._locks[company]:
            if company not in self._contact_ids:
                number = self._complaints.companies[company].number
                email = f"desk-{number}@complaints.example"
                known = (one for one in self._client.list(path) if one["email"] == email)
                desk = {"name": "Complaints desk", "email": email, "roles": ["disputes"]}
                contact = next(known, None) or self._hand.post(path, desk)
                self._contact_ids[company] = contact["contact_id"]
            return self._contact_ids[company]

    def _steps_ahead(self, complaint: Complaint) -> Sequence[str] | None:
        """What is still to be done with a case that is there; None where it is done, or has gone another
        way."""
        case = self._cases[complaint.number]
        if case["times_reopened"] or case["status"] not in _DONE:
            return None
        return complaint.actions[_DONE[case["status"]] :] or None

    def _take_on(self, complaint: Complaint) -> None:
        case_id = self._cases[complaint.number]["case_id"]
        for action in self._steps_ahead(complaint) or ():
            step = {**self._say(action, complaint), "at": self._answered(complaint)}
            self._hand.post(f"/v1/cases/{case_id}/{action}", step)

    def _enter(self, complaints: Sequence[Complaint]) -> list[Mapping[str, Any]]:
        """Enter cases with all that was done with them; what became of each."""
        refused = {
            one.number: {"code": "account_refused", "detail": self._refused[one.company]}
            for one in complaints
            if one.company in self._refused
        }
        sent = [one for one in complaints if one.number not in refused]
        body = {"cases": [self._describe_case(one) for one in sent]}
        results = self._hand.post("/v1/case-batches", body)["results"] if sent else []
        found = {one.number: result for one, result in zip(sent, results, strict=True)}
        return [(refused | found)[one.number] for one in complaints]

    def _describe_case(self, complaint: Complaint) -> Mapping[str, Any]:
        subject = f"CFPB {complaint.number}: {complaint.problem}"
        at = self._answered(complaint)
        return {
            "system": SYSTEM,
            "reference_id": str(complaint.number),
            "account_id": self._account_ids[complaint.company],
            "kind": complaint.meaning.kind,
            "subject": subject[:SUBJECT_MAX],
            "description": complaint.narrative or None,
            "owner_id": self._staff_ids[self._complaints.owner_of(complaint)],
            "is_not_similar": True,
            "received_at": complaint.received_at(self._zone).isoformat(),
            "steps": [
                {"action": action, "at": at, **self._tell(action, complaint)}
                for action in complaint.actions
            ],
        }

    def _answered(self, complaint: Complaint) -> str:
        return complaint.answered_at(self._zone).isoformat()

    def _say(self, action: str, complaint: Complaint) -> Mapping[str, Any]:
        """What is said to a case that is taken on."""
        told = self._tell(action, complaint)
        match action:
            case "acknowledge":
                return {"problem": told["note"]}
            case "propose":
                return {"proposal": told["note"]}
            case "confirm":
                return {"contact_id": self._find_contact(complaint.company)}
            case _:
                return told

    def _tell(self, action: str, complaint: Complaint) -> Mapping[str, Any]:
        """What is told of a step that was taken; who confirmed, the file does not say."""
        match action:
            case "acknowledge":
                return {"note": complaint.problem}
            case "diagnose":
                cause_id = self._cause_ids[complaint.meaning.cause.name]
                return {"case_cause_id": cause_id, "product": complaint.product}
            case "propose":
                return {"note": complaint.answer}
            case "reopen":
                return {"note": "The consumer disputes the answer."}
            case _:
                return {}


def divide(complaints: Sequence[Complaint]) -> list[list[Complaint]]:
    """Batches that one request can carry."""
    batches: list[list[Complaint]] = []
    left = 0
    for one in complaints:
        size = CASE_BYTES + len(orjson.dumps(one.narrative))
        if not batches or len(batches[-1]) == BATCH or size > left:
            batches.append([])
            left = BATCH_BYTES
        batches[-1].append(one)
        left -= size
    return batches


def list_cases(client: Client) -> Mapping[int, Mapping[str, Any]]:
    """The cases that complaints have become, by the complaints' ids."""
    found = ((_SUBJECT.match(case["subject"]), case) for case in client.list("/v1/cases"))
    return {int(subject[1]): case for subject, case in found if subject is not None}
