"""Draw pick lists and delivery notes."""

from __future__ import annotations

from sqlalchemy.orm import Session

from services.sales.company.queries import find_logo
from services.sales.delivery_notes.queries import read_facts
from services.sales.shipment_paper.drawing import draw_note
from services.sales.shipment_paper.rules import Facts, compose_list, compose_note
from stationery.mail.sending import our_sender

PICKERS_LANGUAGE = "en"


def draw_pick_list(session: Session, *, shipment_id: str) -> tuple[bytes, str]:
    """The PDF of what is to be picked for a shipment, and its number."""
    facts = _read(session, shipment_id)
    sheet = compose_list(facts, language=PICKERS_LANGUAGE)
    return draw_note(sheet, logo=find_logo(session, facts.logo_file_id)), facts.number


def draw_delivery_note(session: Session, *, shipment_id: str) -> tuple[bytes, str]:
    """The PDF that goes with a shipment, in the client's language, and its number."""
    facts = _read(session, shipment_id)
    sheet = compose_note(facts)
    return draw_note(sheet, logo=find_logo(session, facts.logo_file_id)), facts.number


def _read(session: Session, shipment_id: str) -> Facts:
    ours = our_sender()
    return read_facts(session, shipment_id=shipment_id, name=ours.name, email=ours.address)
