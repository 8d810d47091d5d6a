"""The ways to pick lists and delivery notes."""

from __future__ import annotations

from chassis.contract import Document, Reach, query
from services.sales.delivery_notes import usecases
from services.sales.shipments.schemas import ShipmentPath


class DeliveryNotes:
    """What goes out with the goods, on paper."""

    @query(
        "GET /v1/shipments/{shipment_id}/pick-list",
        ShipmentPath,
        media_type="application/pdf",
        scope="sales:read",
        reach=Reach.ACCOUNT,
        is_costly=True,
    )
    def get_pick_list(self, session, **values) -> Document:
        """Download what is to be picked for a shipment as PDF, with a box for each line."""
        content, number = usecases.draw_pick_list(session, **values)
        return Document(content, "application/pdf", f"{number}-pick-list.pdf")

    @query(
        "GET /v1/shipments/{shipment_id}/delivery-note",
        ShipmentPath,
        media_type="application/pdf",
        scope="sales:read",
        reach=Reach.ACCOUNT,
        is_costly=True,
    )
    def get_delivery_note(self, session, **values) -> Document:
        """Download the delivery note of a shipment as PDF, in the client's language: what is in it, and
        what of the order is still to come, by when: once it has left, as that was then."""
        content, number = usecases.draw_delivery_note(session, **values)
        return Document(content, "application/pdf", f"{number}.pdf")
