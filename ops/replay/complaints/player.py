"""Plays complaints through the gateway: looks how far each case has come, and takes it on from there."""

import re
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from threading import Lock
from typing import Any

from ops.client import Client
from ops.replay.complaints.records import Complaint, Complaints
from ops.replay.complaints.words import ISSUES, OTHER, PATH, RECEIVED
from ops.replay.hand import Hand, list_accounts
from ops.replay.people import hire

SYSTEM = "complaints"
"""What the other system is called in references."""
SUBJECT_MAX = 200
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
        self._contact_ids: dict[str, str] = {}
        self._cases: Mapping[int, Mapping[str, Any]] = {}
        self._locks = {company: Lock() for company in complaints.companies}

    def play(self) -> None:
        """Enter what the system does not have."""
        self._hand.stand_after(self._complaints.last_day)
        self._staff_ids = hire(self._hand, self._complaints.people)
        self._cause_ids = self._add_causes()
        self._cases = list_cases(self._client)
        known = list_accounts(self._client, SYSTEM)
        self._account_ids = {company: one["account_id"] for company, one in known.items()}
        ahead = [one for one in self._complaints.rows if self._steps_ahead(one) is not None]
        self._hand.each("case", self._take_on, ahead)

    def _add_causes(self) -> Mapping[str, str]:
        ids = {one["name"]: one["case_cause_id"] for one in self._client.list("/v1/case-causes")}
        for cause in sorted({meaning.cause for meaning in (*ISSUES.values(), OTHER)}):
            if cause.name not in ids:
                added = self._hand.post("/v1/case-causes", cause._asdict())
                ids[cause.name] = added["case_cause_id"]
        return ids

    def _find_account(self, company: str) -> str:
        """The account of a company, opened by whoever needs it first."""
        with self._locks[company]:
            if company not in self._account_ids:
                self._account_ids[company] = self._open_account(self._complaints.companies[company])
            return self._account_ids[company]

    def _open_account(self, first: Complaint) -> str:
        opened = {
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
        account = self._hand.post("/v1/accounts/find-or-open", opened)
        return str(account["account_id"])

    def _find_contact(self, company: str) -> str:
        """Who confirms for a company that something is solved, added by whoever needs them first."""
        path = f"/v1/accounts/{self._find_account(company)}/contacts"
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
        """What is still to be done with a case; None where it is done, or has gone another way."""
        case = self._cases.get(complaint.number)
        if case is None:
            return complaint.actions
        if case["times_reopened"] or case["status"] not in _DONE:
            return None
        return complaint.actions[_DONE[case["status"]] :] or None

    def _take_on(self, complaint: Complaint) -> None:
        case = self._cases.get(complaint.number) or self._open_case(complaint)
        for action in self._steps_ahead(complaint) or ():
            step = {**self._say(action, complaint), "at": self._answered(complaint)}
            self._hand.post(f"/v1/cases/{case['case_id']}/{action}", step)

    def _open_case(self, complaint: Complaint) -> Mapping[str, Any]:
        subject = f"CFPB {complaint.number}: {complaint.problem}"
        opened = {
            "account_id": self._find_account(complaint.company),
            "kind": complaint.meaning.kind,
            "subject": subject[:SUBJECT_MAX],
            "description": complaint.narrative or None,
            "owner_id": self._staff_ids[self._complaints.owner_of(complaint)],
            "is_not_similar": True,
            "received_at": complaint.received_at(self._zone).isoformat(),
        }
        case: Mapping[str, Any] = self._hand.post("/v1/cases", opened)
        return case

    def _answered(self, complaint: Complaint) -> str:
        return complaint.answered_at(self._zone).isoformat()

    def _say(self, action: str, complaint: Complaint) -> Mapping[str, Any]:
        match action:
            case "acknowledge":
                return {"problem": complaint.problem}
            case "diagnose":
                cause_id = self._cause_ids[complaint.meaning.cause.name]
                return {"case_cause_id": cause_id, "product": complaint.product}
            case "propose":
                return {"proposal": complaint.answer}
            case "confirm":
                return {"contact_id": self._find_contact(complaint.company)}
            case "reopen":
                return {"note": "The consumer disputes the answer."}
            case _:
                return {}


def list_cases(client: Client) -> Mapping[int, Mapping[str, Any]]:
    """The cases that complaints have become, by the complaints' ids."""
    found = ((_SUBJECT.match(case["subject"]), case) for case in client.list("/v1/cases"))
    return {int(subject[1]): case for subject, case in found if subject is not None}
