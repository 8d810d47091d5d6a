"""Fields that several of this service's schemas share."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields

from kernel.addresses import ADDRESS_MAX, read_address


class Email(fields.String):
    """An e-mail address in any script, kept as it was typed."""

    def __init__(self, *, metadata: dict[str, Any], **options: Any) -> None:
        form = {"format": "idn-email", "maxLength": ADDRESS_MAX}
        super().__init__(metadata={**form, **metadata}, **options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **options).strip()
        try:
            read_address(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return text
