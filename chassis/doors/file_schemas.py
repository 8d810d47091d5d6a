"""What comes in and goes out about files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from marshmallow import fields, validate

from chassis.contract import Reach
from chassis.fields import Bytes, Code, Id, Instant, OneLine, Schema, Whole
from chassis.files import FILE_BYTES_MAX, FileKind
from kernel import grammar

PART_BYTES_MAX = 1024 * 1024
PARTS_MAX = 400
NAME_MAX = 200

SHA256 = {"description": "SHA-256 of the whole file, in hexadecimal digits."}
SIZE = {"description": "How many bytes the whole file has.", "example": 48213}
NUMBER = {"description": "Which part: 1 is the first; they are put together in this order."}
ACCOUNT = {"description": "The account it belongs to; kinds that belong to none have none."}


class FileName(OneLine):
    """The name of a file, without folders."""

    pattern = grammar.FILE_NAME
    sample = "register-extract.pdf"

    def read(self, value: Any) -> str:
        return grammar.read_file_name(value, self.longest)


class Sha256(Code):
    """A hash of SHA-256."""

    pattern = "[0-9a-f]{64}"
    remedy = "Must be 64 hexadecimal digits in lower case: sha256sum prints them."
    sample = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


class File(Schema):
    """A file, or what has come of it."""

    file_id = Id("fil", required=True)
    kind = fields.String(required=True, metadata={"description": "What it is for."})
    account_id = Id("acc", required=True, allow_none=True, metadata=ACCOUNT)
    name = fields.String(required=True, metadata={"example": FileName.sample})
    media_type = fields.String(required=True, metadata={"example": "application/pdf"})
    size = Whole(required=True, metadata=SIZE)
    received = Whole(
        required=True, metadata={"description": "How many bytes of it have come.", "example": 48213}
    )
    status = fields.String(
        required=True,
        validate=validate.OneOf(["open", "finished"]),
        metadata={"description": "A finished file is whole and is never changed."},
    )
    sha256 = Sha256(required=True, allow_none=True, metadata=SHA256)
    begun_by = fields.String(required=True, metadata={"description": "Whose key began it."})
    begun_at = Instant(required=True)
    finished_at = Instant(required=True, allow_none=True)
    attached_to = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The id of the thing it is part of."},
    )
    kept_until = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "When it is deleted if it is part of nothing until then."},
    )


class FileId(Schema):
    """One file."""

    file_id = Id("fil", required=True)


class FilePart(FileId):
    """A part of a file."""

    number = Whole(least=1, most=PARTS_MAX, required=True, metadata=NUMBER)
    content = Bytes(most=PART_BYTES_MAX, required=True)


class FinishFile(FileId):
    """What the file must be now that all of it was sent."""

    sha256 = Sha256(required=True, metadata=SHA256)


class FileContent(FileId):
    """A file from one byte on."""

    start = Whole(load_default=0)


def schema_to_begin(kinds: Sequence[FileKind]) -> type[Schema]:
    """What begins a file of one of these kinds."""
    is_of_account = all(kind.reach is Reach.ACCOUNT for kind in kinds)
    account = {"required": True} if is_of_account else {"load_default": None, "allow_none": True}
    return type(
        "BeginFile",
        (Schema,),
        {
            "__doc__": "A file that is going to be sent.",
            "kind": _one_of([kind.name for kind in kinds], "What it is for."),
            "account_id": Id("acc", metadata=ACCOUNT, **account),
            "name": FileName(longest=NAME_MAX, required=True),
            "media_type": _one_of(types_of(kinds), "What it is; its content is held against it."),
            "size": Whole(least=1, most=FILE_BYTES_MAX, required=True, metadata=SIZE),
        },
    )


def types_of(kinds: Sequence[FileKind]) -> tuple[str, ...]:
    """The media types that files of these kinds may have."""
    return tuple(sorted({one for kind in kinds for one in kind.types}))


def _one_of(choices: Sequence[str], description: str) -> fields.String:
    return fields.String(
        required=True,
        validate=validate.OneOf(choices, error="Must be one of: {choices}."),
        metadata={"description": description},
    )
