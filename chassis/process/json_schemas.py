"""JSON schemas (2020-12) of marshmallow schemas: of what is sent to a service, and of what it gives."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping
from typing import Any

import marshmallow
from marshmallow import fields, validate

from chassis.fields import ListOf
from chassis.ground.texts import Described, JsonSchema
from chassis.process.clashes import SchemaNames

PLACE = "#/components/schemas/"


class JsonSchemas:
    """The named schemas of one service. What is sent is exact and refuses what it does not know; what is
    given may grow. A schema that is both has two names."""

    def __init__(self, service: str) -> None:
        self._name_of = SchemaNames(service)
        self._given: set[type[marshmallow.Schema]] = set()
        self.components: dict[str, JsonSchema] = {}

    def given(self, schema: type[marshmallow.Schema]) -> JsonSchema:
        """A reference to the schema of what is given. Ask for all of these before any `sent`."""
        self._given.add(schema)
        return self._named(self._name_of(schema), schema, is_sent=False)

    def sent(self, schema: type[marshmallow.Schema], without: Collection[str] = ()) -> JsonSchema:
        """A reference to the schema of what is sent, but for the fields that stand in the path."""
        name = self._name_of(schema) + ("Input" if schema in self._given else "")
        return self._named(name, schema, is_sent=True, without=without)

    def of_field(self, fld: fields.Field, *, is_sent: bool, may_be_null: bool = True) -> JsonSchema:
        """The schema of one field, with its text, its default and its example."""
        body = self._plain(fld, is_sent=is_sent)
        if fld.allow_none and may_be_null:
            body = _or_null(body)
        default = fld.load_default
        if is_sent and default is not marshmallow.missing and (may_be_null or default is not None):
            body["default"] = fld._serialize(default, "", None)
        text, example = fld.metadata.get("description"), fld.metadata.get("example")
        return (
            body
            | ({} if text is None else {"description": text})
            | ({} if example is None else {"examples": [example]})
        )

    def _named(
        self,
        name: str,
        schema: type[marshmallow.Schema],
        *,
        is_sent: bool,
        without: Collection[str] = (),
    ) -> JsonSchema:
        if name not in self.components:
            self.components[name] = {}  # before its fields: a schema may hold itself
            self.components[name] |= self._object(schema, is_sent=is_sent, without=without)
        return {"$ref": PLACE + name}

    def _object(
        self, schema: type[marshmallow.Schema], *, is_sent: bool, without: Collection[str]
    ) -> JsonSchema:
        parts = {
            fld.data_key or name: fld
            for name, fld in schema().fields.items()
            if name not in without
        }
        properties = {name: self.of_field(fld, is_sent=is_sent) for name, fld in parts.items()}
        required = [name for name, fld in parts.items() if fld.required]
        example = vars(schema).get("example")  # its own: what it inherits lacks its fields
        return {
            "type": "object",
            **({"description": inspect.getdoc(schema)} if schema.__doc__ else {}),
            "properties": properties,
            **({"required": required} if required else {}),
            **({"additionalProperties": False} if is_sent else {}),
            **({"examples": [example]} if example else {}),
        }

    def _plain(self, fld: fields.Field, *, is_sent: bool) -> JsonSchema:
        if isinstance(fld, Described):
            return fld.takes() if is_sent else fld.gives()
        says: dict[type[fields.Field], Callable[..., JsonSchema]] = {
            ListOf: self._bounded_list,
            fields.List: self._list,
            fields.Nested: self._nested,
            fields.Enum: self._enum,
            fields.Dict: self._mapping,
            fields.String: self._string,
            fields.Raw: lambda *_, **__: {},
        }
        kind = next((kind for kind in says if isinstance(fld, kind)), None)
        assert kind is not None, f"{type(fld).__name__} does not say what it takes"
        return says[kind](fld, is_sent=is_sent)

    def _list(self, fld: fields.List[Any], *, is_sent: bool) -> JsonSchema:
        return {"type": "array", "items": self.of_field(fld.inner, is_sent=is_sent)}

    def _bounded_list(self, fld: ListOf, *, is_sent: bool) -> JsonSchema:
        bounds = {"minItems": fld.least, "maxItems": fld.most} if is_sent else {}
        return self._list(fld, is_sent=is_sent) | bounds

    def _nested(self, fld: fields.Nested, *, is_sent: bool) -> JsonSchema:
        schema = type(fld.schema)
        return self.sent(schema) if is_sent else self.given(schema)

    def _enum(self, fld: fields.Enum[Any], **_: Any) -> JsonSchema:
        return {"type": "string", "enum": [member.value for member in fld.enum]}

    def _string(self, fld: fields.String, **_: Any) -> JsonSchema:
        return {"type": "string", **_bounds(fld, "Length"), **_choices(fld)}

    def _mapping(self, fld: fields.Dict, *, is_sent: bool) -> JsonSchema:
        keys, values = fld.key_field, fld.value_field
        return {
            "type": "object",
            **({"propertyNames": self._plain(keys, is_sent=is_sent)} if keys else {}),
            **({"additionalProperties": self.of_field(values, is_sent=is_sent)} if values else {}),
            **(_bounds(fld, "Properties") if is_sent else {}),
        }


def _bounds(fld: fields.Field, what: str) -> JsonSchema:
    found = [one for one in fld.validators if isinstance(one, validate.Length)]
    bounds = {f"min{what}": found[0].min, f"max{what}": found[0].max} if found else {}
    return {name: bound for name, bound in bounds.items() if bound is not None}


def _choices(fld: fields.Field) -> JsonSchema:
    found = [one for one in fld.validators if isinstance(one, validate.OneOf)]
    return {"enum": [str(choice) for choice in found[0].choices]} if found else {}


def _or_null(body: JsonSchema) -> JsonSchema:
    if isinstance(body.get("type"), str):
        null = {"enum": [*body["enum"], None]} if "enum" in body else {}
        return body | {"type": [body["type"], "null"]} | null
    if not body:
        return body
    return {"anyOf": [*body.get("anyOf", [body]), {"type": "null"}]}


def example_of(body: JsonSchema, components: Mapping[str, JsonSchema], name: str = "") -> Any:
    """An example that fits the schema, made of those of its fields; `name` is the field's, for a text.
    Of what is sent it has what must be there, or all where nothing must."""
    if given := body.get("examples") or body.get("enum"):
        return given[0]
    if "$ref" in body:
        return example_of(components[body["$ref"].removeprefix(PLACE)], components)
    if "anyOf" in body:
        return example_of(body["anyOf"][0], components, name)
    kinds = body.get("type", "object")
    kind = kinds if isinstance(kinds, str) else kinds[0]
    return {
        "array": lambda: [example_of(body["items"], components, name)],
        "object": lambda: _object_example(body, components),
        "string": lambda: _text_example(name),
        "integer": lambda: body.get("default") or max(1, body.get("minimum", 1)),
        "number": lambda: 1.5,
        "boolean": lambda: True,
        "null": lambda: None,
    }[kind]()


def _object_example(body: JsonSchema, components: Mapping[str, JsonSchema]) -> dict[str, Any]:
    properties = body.get("properties", {})
    is_sent = body.get("additionalProperties") is False
    names = (body.get("required") if is_sent else None) or properties
    return {name: example_of(properties[name], components, name) for name in names}


_TEXTS = {
    "by": "key_01jd3v4q6ye8z9t5k2m7n0p1xw",
    "code": "invalid_fields",
    "description": "Tea, a case",
    "email": "ada@example.com",
    "name": "Ada Ross",
    "number": "2026-000123",
    "reason": "Agreed with Ada Ross by phone.",
    "reference": "PO 4711",
    "sku": "TEA",
}


def _text_example(name: str) -> str:
    """By the last word of its name, as names end with what a thing is."""
    last = name.rpartition("_")[2]
    return _TEXTS.get(last, f"{name.replace('_', ' ').capitalize()}.")
