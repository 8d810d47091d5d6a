"""Fields of text: ids, codes, cursors, and what people write; and what every field of the house can do:
say in JSON Schema what it takes and what it gives. The published contract is made of that."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields

from kernel import grammar, ids, money
from kernel.addresses import ADDRESS_MAX, read_address

ANYTHING = "(?s:.*)"
CURSOR_MAX = 500
TEXT_MAX = 2000

JsonSchema = dict[str, Any]

fields.Field.default_error_messages |= {"required": grammar.MISSING, "null": grammar.NULL}
fields.List.default_error_messages |= {"invalid": grammar.NO_LIST}
fields.Nested.default_error_messages |= {"type": grammar.NO_OBJECT}


class Described(fields.Field):
    """A field that reads by the kernel's grammar and says what it takes and gives. Whether it may be
    null or left out, and what it is then, is said by whoever publishes it."""

    sample: Any = None

    def __init__(self, **options: Any) -> None:
        metadata = options.pop("metadata", {})
        example = {} if self.sample is None else {"example": self.sample}
        super().__init__(**options, metadata={**example, **metadata})

    def read(self, value: Any) -> Any:
        """What was sent as what it stands for; grammar.Unreadable where it is not written so."""
        raise NotImplementedError

    def takes(self) -> JsonSchema:
        """The JSON schema of what may be sent."""
        raise NotImplementedError

    def gives(self) -> JsonSchema:
        """The JSON schema of what is answered."""
        return self.takes()

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> Any:
        try:
            return self.read(value)
        except grammar.Unreadable as error:
            raise ValidationError(str(error)) from error


class Code(Described, fields.String):
    """A text of one form, which a subclass says by a pattern without anchors; `remedy` is the sentence
    for all others."""

    pattern: str
    remedy: str

    def read(self, value: Any) -> str:
        code = grammar.read_code(value, self.pattern, self.remedy)
        if not self.is_one(code):
            raise grammar.Unreadable(self.remedy)
        return code

    def is_one(self, code: str) -> bool:
        """Whether a text of the form is one of those there are."""
        return True

    def takes(self) -> JsonSchema:
        return {"type": "string", "pattern": grammar.anchored(self.pattern)}


class Id(Code):
    """The id of a thing of one kind, such as `inv_01j9...`."""

    def __init__(self, prefix: str, **options: Any) -> None:
        self.prefix = prefix
        self.pattern = f"{prefix}_{ids.FORM}"
        self.remedy = f"Must be an id that begins with {prefix}_."
        self.sample = f"{prefix}_01jd3v4q6ye8z9t5k2m7n0p1xw"
        super().__init__(**options)


class Email(Described, fields.String):
    """An e-mail address in any script, kept as it was typed."""

    sample = "ada@example.com"

    def read(self, value: Any) -> str:
        address = grammar.read_code(value, ANYTHING, "Must be text.").strip()
        try:
            read_address(address)
        except ValueError as error:
            raise grammar.Unreadable(str(error)) from error
        return address

    def takes(self) -> JsonSchema:
        return {"type": "string", "format": "idn-email", "maxLength": ADDRESS_MAX}


class Currency(Code):
    """An ISO 4217 currency code in capitals."""

    pattern = "[A-Z]{3}"
    remedy = "Must be an ISO 4217 currency code in capitals, such as EUR."
    sample = "EUR"

    def is_one(self, code: str) -> bool:
        return money.is_currency(code)


class Language(Code):
    """What somebody reads: language, and script and region where they matter. Kept in its proper case."""

    pattern = grammar.LANGUAGE
    sample = "de"

    def read(self, value: Any) -> str:
        return grammar.read_language(value, self.pattern)


class Variety(Language):
    """What a text is written in: a language, or a variety of one, such as ca-valencia. As it was typed:
    it names one of many texts, and two spellings of one name must not become one text unseen."""

    pattern = grammar.VARIETY

    def read(self, value: Any) -> str:
        super().read(value)
        return str(value)

    def takes(self) -> JsonSchema:
        return {**super().takes(), "maxLength": grammar.LANGUAGE_MAX}


class Cursor(Code):
    """Where a page ends, as an answer said it. Whether it is one of ours, the reader finds out."""

    pattern = f"[A-Za-z0-9_-]{{1,{CURSOR_MAX}}}"
    sample = "WyIyMDI2LTAxLTMxIl0"

    def read(self, value: Any) -> str:
        return grammar.read_code(value, ANYTHING, "Must be text.")


class _People(Described, fields.String):
    """What people write, 1 to `longest` characters."""

    pattern: str

    def __init__(self, *, longest: int = TEXT_MAX, **options: Any) -> None:
        super().__init__(**options)
        self.longest = longest

    def takes(self) -> JsonSchema:
        return {
            "type": "string",
            "pattern": grammar.anchored(self.pattern),
            "minLength": 1,
            "maxLength": self.longest,
        }

    def gives(self) -> JsonSchema:
        return {"type": "string"}


class OneLine(_People):
    """A name, a number, a reference: one line of text, trimmed."""

    pattern = grammar.ONE_LINE

    def read(self, value: Any) -> str:
        return grammar.read_one_line(value, self.longest)


class Text(_People):
    """Text of one or several lines, trimmed; every kind of line end becomes a line feed."""

    pattern = grammar.TEXT

    def read(self, value: Any) -> str:
        return grammar.read_text(value, self.longest)
