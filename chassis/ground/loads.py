"""What a schema loads: the same as marshmallow's own, in a third of its time, as every request and every
event goes through it. What has a fault is left to marshmallow, which tells all there are."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import marshmallow
from marshmallow import Schema, ValidationError, fields, missing

from chassis.ground.texts import Described
from kernel.grammar import Unreadable

Load = Callable[[Any], Any]
Read = Callable[[Any, str | None, Any], Any]
"""As a field's `deserialize` of what is there: value, key and the whole that it is of."""
_HOOKS = ("pre_load", "post_load", "validates", "validates_schema")


class _Doubtful(Exception):
    """It may be wrong."""


def compile_load(schema: Schema) -> Load:
    """A function that does what `schema.load` does."""
    return _or_else(_whole_reader(schema), schema.load)


def compile_load_of(field: fields.Field) -> Load:
    """A function that does what `field.deserialize` does with one value."""
    read = _reader(field)
    return _or_else(lambda value: read(value, None, None), field.deserialize)


def _or_else(read: Load, load: Load) -> Load:
    def load_fast(value: Any) -> Any:
        try:
            return read(value)
        except (_Doubtful, Unreadable, ValidationError):
            return load(value)

    return load_fast


def _whole_reader(schema: Schema) -> Load:
    if not _is_usual(schema):
        return schema.load
    steps = [_step(name, field) for name, field in schema.load_fields.items()]
    is_strict = schema.unknown == marshmallow.RAISE

    def read(whole: Any) -> dict[str, Any]:
        if type(whole) is not dict:
            raise _Doubtful
        loaded, found = {}, 0
        for key, name, is_needed, default, read_value in steps:
            value = whole.get(key, missing)
            if value is not missing:
                found += 1
                value = read_value(value, key, whole)
            elif is_needed:
                raise _Doubtful
            else:
                value = default() if callable(default) else default
            if value is not missing:
                loaded[name] = value
        if is_strict and found != len(whole):
            raise _Doubtful
        return loaded

    return read


def _is_usual(schema: Schema) -> bool:
    """Whether there is nothing about it but its fields."""
    is_alone = not any(schema._hooks[tag] for tag in _HOOKS)
    is_one = schema.dict_class is dict and not schema.many and not schema.partial
    is_flat = all("." not in (one.attribute or "") for one in schema.load_fields.values())
    return is_alone and is_one and is_flat and schema.unknown != marshmallow.INCLUDE


Step = tuple[str, str, bool, Any, Read]


def _step(name: str, field: fields.Field) -> Step:
    key = name if field.data_key is None else field.data_key
    return key, field.attribute or name, field.required, field.load_default, _reader(field)


def _reader(field: fields.Field) -> Read:
    if not _is_like(field, fields.Field, "deserialize", "_validate_missing", "_validate"):
        return field.deserialize
    read, may_be_null = _plain_reader(field), field.allow_none

    def read_plain(value: Any, key: str | None, whole: Any) -> Any:
        if value is not None:
            return read(value, key, whole)
        if not may_be_null:
            raise _Doubtful
        return None

    def read_between(value: Any, key: str | None, whole: Any) -> Any:
        for change in field.pre_load:
            value = None if value is None else change(value)
        if value is None:
            raise _Doubtful
        value = read(value, key, whole)
        for check in field.validators:
            check(value)
        for change in field.post_load:
            value = change(value)
        return value

    return read_between if field.pre_load or field.validators or field.post_load else read_plain


def _plain_reader(field: fields.Field) -> Read:
    if _is_like(field, Described, "_deserialize"):
        read: Load = field.read  # type: ignore[attr-defined]
        return lambda value, *_: read(value)
    if _is_like(field, fields.List, "_deserialize"):
        return _list_reader(field)
    if _is_like(field, fields.Nested, "_deserialize", "_load") and _is_one(field):
        return _nested_reader(field)
    return field._deserialize


def _list_reader(field: Any) -> Read:
    read = _reader(field.inner)

    def read_list(values: Any, *_: Any) -> list[Any]:
        if type(values) is not list:
            raise _Doubtful
        return [read(one, None, None) for one in values]

    return read_list


def _is_one(field: Any) -> bool:
    return not (field.many or field.unknown)


def _nested_reader(field: Any) -> Read:
    @cache  # when it is first needed: a schema may be nested in itself
    def read() -> Load:
        return _whole_reader(field.schema)

    return lambda value, *_: read()(value)


def _is_like(field: fields.Field, kind: type[fields.Field], *methods: str) -> bool:
    return all(getattr(type(field), one, None) is getattr(kind, one) for one in methods)
