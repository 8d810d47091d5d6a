"""The document as something to check against: which answers and bodies it promises, compiled once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from ops.client import Answer, Client

Document = dict[str, Any]


class CheckedClient(Client):
    """A client that takes no answer but those that the gateway's own document promises."""

    def __init__(
        self, url: str, api_key: str, *, promise: Promise | None = None, **options: Any
    ) -> None:
        super().__init__(url, api_key, **options)
        self.promise = promise or Promise(super().send("GET", "/openapi.json").data)

    def as_holder_of(self, api_key: str) -> CheckedClient:
        return CheckedClient(self.url, api_key, promise=self.promise)

    def send(self, verb: str, path: str, *arguments: Any, **options: Any) -> Answer:
        answer = super().send(verb, path, *arguments, **options)
        self.promise.check(verb, path, answer)
        return answer


class Promise:
    """What the OpenAPI document says about requests and answers."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._registry = jsonschema_rs.Registry([("urn:api", document)])
        self._checks: dict[str, jsonschema_rs.Draft202012Validator] = {}
        self._paths = [
            (re.compile(re.sub(r"{\w+}", "[^/]+", path)), path) for path in document["paths"]
        ]

    def operations(self) -> Iterator[tuple[str, str, Document]]:
        """Verb, path and what is said of it."""
        for path, verbs in self.document["paths"].items():
            for verb, operation in verbs.items():
                yield verb.upper(), path, operation

    def parameters_of(self, operation: Document) -> list[Document]:
        """What stands in path, query and headers."""
        named = self.document["components"]["parameters"]
        return [
            named[one["$ref"].rpartition("/")[2]] if "$ref" in one else one
            for one in operation.get("parameters", ())
        ]

    def example_of(self, content: Document) -> Any:
        """The example of a body: its own, or that of the schema that it refers to."""
        if "example" in content:
            return content["example"]
        name = content["schema"]["$ref"].rpartition("/")[2]
        return self.document["components"]["schemas"][name]["examples"][0]

    def check_schema(self, pointer: str, value: Any) -> None:
        """jsonschema_rs.ValidationError unless the value fits the schema at this place."""
        if pointer not in self._checks:
            self._checks[pointer] = jsonschema_rs.Draft202012Validator(
                {"$ref": f"urn:api#{pointer}"}, registry=self._registry, validate_formats=True
            )
        self._checks[pointer].validate(value)

    def check(self, verb: str, path: str, answer: Answer) -> None:
        """AssertionError unless the document says that this may be the answer; what is not of the API's
        version 1 (health, documentation) is not looked at."""
        path = path.partition("?")[0]
        if not path.startswith("/v1/"):
            return
        name = f"{verb} {self._template_of(path)}: {answer.status}"
        operation = self.document["paths"][self._template_of(path)][verb.lower()]
        assert str(answer.status) in operation["responses"], f"{name} is not promised"
        place = f"/paths/{step(self._template_of(path))}/{verb.lower()}/responses/{answer.status}"
        said = operation["responses"][str(answer.status)]
        if "$ref" in said:
            place = said["$ref"].removeprefix("#")
            said = self.document["components"]["responses"][place.rpartition("/")[2]]
        assert answer.headers.keys() >= {"x-request-id"}, name
        if "content" not in said:
            return
        media_type = answer.headers["content-type"].partition(";")[0]
        assert media_type in said["content"], f"{name}, {media_type}"
        if "json" in media_type:
            try:
                self.check_schema(f"{place}/content/{step(media_type)}/schema", answer.data)
            except jsonschema_rs.ValidationError as error:
                raise AssertionError(f"{name} does not fit: {error}") from error

    def _template_of(self, path: str) -> str:
        found = [template for pattern, template in self._paths if pattern.fullmatch(path)]
        assert found, f"{path} is not documented"
        return min(found, key=lambda template: template.count("{"))


def step(name: str) -> str:
    """A name as a step of a JSON pointer in a URI fragment."""
    escaped = name.replace("~", "~0").replace("/", "~1")
    return escaped.replace("{", "%7B").replace("}", "%7D")
