"""The API described as OpenAPI 3.1, made from its routes, its shapes and who may call it."""

import re
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Flask, Response, current_app, jsonify
from werkzeug.routing import Rule

from broker.access.machines.origins import TOKEN_PATH
from broker.access.table import Row, table
from broker.api.bodies import PARAMETERS
from broker.api.machines import described
from broker.api.services import current_services
from broker.domain.json_values import as_object
from broker.domain.problems import PROBLEMS

openapi = Blueprint("openapi", __name__)

_HOLE: Final = re.compile(r"<(?:(?P<kind>[a-z]+):)?(?P<name>[a-z_]+)>")
_KINDS: Final[Mapping[str | None, Mapping[str, object]]] = {
    None: {"type": "string", "minLength": 1, "pattern": "^[^/]+$"},
    "int": {"type": "integer", "minimum": 0, "maximum": 2**53 - 1},
    "path": {"type": "string", "minLength": 1},
}
_PROBLEM: Final = "application/problem+json"
_REFUSED: Final = sorted({problem.status.value for problem in PROBLEMS.values()})
_OF_HTTP: Final = (HTTPStatus.METHOD_NOT_ALLOWED,)
"""What HTTP itself refuses, which has no error of ours."""


@openapi.get("/api/v1/openapi.json")
def description() -> Response:
    """Describe this API (OpenAPI 3.1)."""
    return jsonify(document_of(current_app, current_services().access.machines.access.origins.own))


def document_of(app: Flask, servers: tuple[str, ...]) -> dict[str, object]:
    """Return the description of an application's API under these origins."""
    schemas: dict[str, object] = {"Problem": _problem_schema()}
    paths: dict[str, dict[str, object]] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            row = table().get(f"{method} {rule.rule}")
            if row is not None:
                path = _HOLE.sub(r"{\g<name>}", rule.rule)
                view = app.view_functions[rule.endpoint]
                paths.setdefault(path, {})[method.lower()] = _operation(row, rule, view, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Disclosure broker",
            "version": "1",
            "summary": "Judges, seals, delivers and records disclosures of information",
            "description": "docs/api.md says the same in words, and what each name means.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": origin} for origin in servers],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": _schemes(servers[0])},
    }


def _operation(
    row: Row, rule: Rule, view: Callable[..., object], schemas: dict[str, object]
) -> dict[str, object]:
    said = (view.__doc__ or "").strip().partition("\n")
    blueprint, _, name = rule.endpoint.rpartition(".")
    roles = sorted(role.value for role in row.roles)
    found: dict[str, object] = {
        "operationId": f"{blueprint}_{name}",
        "tags": [blueprint],
        "summary": said[0],
        "parameters": [*_parameters(row, rule)],
        "responses": _responses(row),
        "security": [] if row.freely is not None else [{"dpop": []}, {"bearer": []}],
        "x-roles": roles,
    }
    body = _body(row.call, schemas)
    return found if body is None else {**found, "requestBody": body}


def _parameters(row: Row, rule: Rule) -> Iterator[dict[str, object]]:
    for hole in _HOLE.finditer(rule.rule):
        yield {
            "name": hole["name"],
            "in": "path",
            "required": True,
            "schema": _KINDS[hole["kind"]],
        }
    for name in PARAMETERS.get(rule.endpoint, ()):
        whole = {"type": "integer", "minimum": 0, "maximum": 2**53 - 1}
        yield {"name": name, "in": "query", "required": False, "schema": whole}
    if row.call in described.KEYED:
        key = {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,128}$"}
        # A decision or an answer that is only shown, and not made, takes none.
        is_needed = not row.call.endswith(("/decision", "/copies/<int:number>/answer"))
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "required": is_needed,
            "schema": key,
        }


def _body(call: str, schemas: dict[str, object]) -> dict[str, object] | None:
    """Return what a route takes, and keep the shapes that it speaks of."""
    if call == described.TOKEN_ROUTE:
        form = {"application/x-www-form-urlencoded": {"schema": described.TOKEN_FORM}}
        return {"required": True, "content": form}
    shape = described.BODIES.get(call)
    if shape is None:
        return None
    schema = shape.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(as_object(schema.pop("$defs", {})))
    schemas[shape.__name__] = schema
    content: dict[str, object] = {
        "application/json": {"schema": {"$ref": f"#/components/schemas/{shape.__name__}"}}
    }
    if call in described.WITH_FILES:
        content["multipart/form-data"] = {"schema": _parts()}
    return {"required": bool(schema.get("required")), "content": content}


def _parts() -> dict[str, object]:
    file = {"type": "string", "contentMediaType": "application/octet-stream"}
    return {
        "type": "object",
        "properties": {
            "pack": {"type": "string", "contentMediaType": "application/json"},
            "attachment": {"type": "array", "items": file},
        },
        "required": ["pack"],
        "additionalProperties": False,
    }


def _responses(row: Row) -> dict[str, object]:
    given = described.GIVEN.get(row.call, "application/json")
    schema: dict[str, object] = (
        {"type": "object"} if given == "application/json" else {"type": "string"}
    )
    done = {"description": "Done.", "content": {given: {"schema": schema}}}
    answers: dict[str, object] = {"200": done}
    if row.call in described.CREATING:
        answers["201"] = {**done, "description": "Made; Location says where."}
    # The token endpoint answers in the media type that OAuth asks for.
    kinds = (_PROBLEM, "application/json") if row.call == described.TOKEN_ROUTE else (_PROBLEM,)
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    for status in sorted({*_REFUSED, *(one.value for one in _OF_HTTP)}):
        answers[str(status)] = {
            "description": HTTPStatus(status).phrase,
            "content": dict.fromkeys(kinds, problem),
        }
    if row.call == "GET /readyz":
        answers["503"] = {**done, "description": "Not ready; it says why."}
    return answers


def _problem_schema() -> dict[str, object]:
    text = {"type": "string"}
    fault = {"type": "object", "properties": {"place": text, "problem": text}}
    return {
        "type": "object",
        "description": "RFC 9457; `type` ends in one of the words of docs/api.md.",
        "properties": {
            "type": {"type": "string", "pattern": "^urn:disclosure-broker:problem:[a-z-]+$"},
            "title": text,
            "status": {"type": "integer"},
            "detail": text,
            "request_id": {"type": ["string", "null"]},
            "faults": {"type": "array", "items": fault},
            "error": text,
        },
        "required": ["type", "title", "status", "request_id"],
    }


def _schemes(origin: str) -> dict[str, object]:
    return {
        "dpop": {
            "type": "oauth2",
            "description": "Client credentials with private_key_jwt (RFC 7523), and a DPoP proof "
            "with each call (RFC 9449).",
            "flows": {"clientCredentials": {"tokenUrl": f"{origin}{TOKEN_PATH}", "scopes": {}}},
        },
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "Issued on the host, for the host.",
        },
    }
