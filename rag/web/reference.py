"""The API's description as one page, made on the server from the OpenAPI document: no scripts, no CDN."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse

from rag.web.pages import page

Schema = Mapping[str, Any]

EXAMPLES = {
    "/api/ask": {"question": "What may Internet providers be obliged to do?"},
    "/api/search": {"question": "kryptering", "language": "da", "limit": 3},
}


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    type: str
    target: str
    """The schema the type refers to, or nothing."""
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    method: str
    path: str
    anchor: str
    summary: str
    fields: tuple[Field, ...]
    example: str
    responses: tuple[tuple[str, str, str], ...]
    """Status, description, schema name."""


@dataclass(frozen=True, slots=True)
class Shape:
    name: str
    description: str
    fields: tuple[Field, ...]


def reference_routes(app: FastAPI) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    def reference(request: Request) -> HTMLResponse:
        document = app.openapi()
        values = {
            "operations": tuple(operations(document)),
            "shapes": tuple(shapes(document)),
            "version": document["info"]["version"],
            "base": str(request.base_url).rstrip("/"),
            "here": "docs",
        }
        return page(request, "reference.html", values)

    return router


def operations(document: Schema) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            body = _reference(_content(operation.get("requestBody", {})))
            example = EXAMPLES.get(path)
            yield Operation(
                method=method.upper(),
                path=path,
                anchor=f"{method}{path.replace('/', '-')}",
                summary=operation.get("description") or operation.get("summary", ""),
                fields=tuple(_fields(document, body)) if body else (),
                example=json.dumps(example, ensure_ascii=False) if example else "",
                responses=tuple(
                    (status, answer["description"], type_name(_content(answer))[1])
                    for status, answer in operation["responses"].items()
                ),
            )


def shapes(document: Schema) -> Iterator[Shape]:
    for name, schema in sorted(document.get("components", {}).get("schemas", {}).items()):
        if name not in ("HTTPValidationError", "ValidationError"):
            yield Shape(name, schema.get("description", ""), tuple(_fields(document, name)))


def type_name(schema: Schema) -> tuple[str, str]:
    """A type as people write it, and the schema it refers to, if any."""
    if name := _reference(schema):
        return name, name
    if options := schema.get("anyOf"):
        names = [type_name(option) for option in options]
        return " or ".join(n for n, _ in names), next((t for _, t in names if t), "")
    if schema.get("type") == "array":
        inner, target = type_name(schema.get("items", {}))
        if pair := schema.get("prefixItems"):
            inner = " and ".join(type_name(item)[0] for item in pair)
        return f"list of {inner}", target
    if "const" in schema or "enum" in schema:
        return " | ".join(json.dumps(v) for v in schema.get("enum", [schema.get("const")])), ""
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        inner, target = type_name(schema["additionalProperties"])
        return f"map of text to {inner}", target
    plain = str(schema.get("type", "any"))
    return {"string": "text", "null": "nothing"}.get(plain, plain), ""


def _fields(document: Schema, name: str) -> Iterator[Field]:
    schema = document["components"]["schemas"][name]
    for key, value in schema.get("properties", {}).items():
        shown, target = type_name(value)
        limits = [
            f"{w} {value[k]}" for k, w in (("minimum", "at least"), ("maximum", "at most")) if k in value
        ]
        if value.get("default") not in (None, "", [], {}):
            limits.append(f"default {value['default']}")
        description = ", ".join([*([value["description"]] if "description" in value else []), *limits])
        yield Field(key, shown, target, key in schema.get("required", []), description)


def _content(part: Schema) -> Schema:
    content: Mapping[str, Schema] = part.get("content", {})
    return content.get("application/json", {}).get("schema", {})  # type: ignore[no-any-return]  # JSON


def _reference(schema: Schema) -> str:
    return str(schema.get("$ref", "")).rsplit("/", 1)[-1]
