"""What billing announces of copies of documents."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields, validate

from chassis.events import AccountEvent
from chassis.fields import Id, Whole
from services.billing.document_facts.rules import DocumentKind
from services.billing.documents.rules import CopyState

_COPY: dict[str, Any] = {
    "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
    "copy_id": "dcp_01jd3v4q6ye8z9t5k2m7n0p1xw",
    "document_id": "doc_01jd3v4q6ye8z9t5k2m7n0p1xw",
    "kind": "invoice",
    "number": "2026-000123",
    "place": 1,
}


class CopyEvent(AccountEvent):
    """A copy of a document, and of which."""

    copy_id = Id("dcp", required=True, metadata={"description": "The copy."})
    document_id = Id("doc", required=True, metadata={"description": "Of which document."})
    kind = fields.String(
        required=True,
        validate=validate.OneOf(list(DocumentKind)),
        metadata={"description": "What it is."},
    )
    number = fields.String(required=True, metadata={"description": "The number people read."})
    place = Whole(required=True, metadata={"description": "The first, second … copy of it."})


class DocumentCopyAsked(CopyEvent):
    """Somebody asked for a copy of a document; billing itself listens, and sends it by e-mail."""

    says = "A copy of {kind} {number} was asked for."
    example: ClassVar[dict[str, Any]] = _COPY


class DocumentCopyEnded(CopyEvent):
    """A copy of a document went out by e-mail, or was refused for good by the mail server."""

    status = fields.String(
        required=True,
        validate=validate.OneOf([CopyState.SENT, CopyState.REFUSED]),
        metadata={"description": "How it ended."},
    )

    says = "The copy of {kind} {number} is {status}, by e-mail."
    example: ClassVar[dict[str, Any]] = {**_COPY, "status": "sent"}
