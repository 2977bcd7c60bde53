"""The directory in the shape of Open Referral UK 3.0: a page of services with their organisations.

A contact is a service; what that shape has no place for stands in `attributes` under labels of
ours. Identifiers there are UUIDs, made from ours, so that the same contact is the same service.
"""

import json
import uuid
from collections.abc import Mapping
from typing import Final

from broker.domain.directory.functions import TITLES, Function
from broker.domain.errors import FaultyDocumentError
from broker.domain.json_values import as_array, as_object, is_array, is_object
from broker.domain.tables.spreadsheets import MOST_LINES
from broker.domain.times import day_text
from broker.registers.directory import Entries
from broker.registers.exchange.lines import FIELDS, Line, lines_of
from broker.registers.naming import free_name

_SPACE: Final = uuid.UUID("6a1d0b0e-6c1f-5b8e-9d0a-2f1f4c3b7a55")
_OURS: Final = ("id", "function", "hours", "type", "accepts_encrypted")
_SCHEME: Final = "disclosure-broker"
_DEFAULTS: Final = {"function": "other", "type": "role", "accepts_encrypted": "unknown"}


def document_of(entries: Entries) -> dict[str, object]:
    """Return every contact that is not retired as one page of services."""
    checked: dict[str, str | None] = {
        one.id: day_text(one.verified_on) for one in entries.mailboxes
    }
    services = [_service(line, checked[line["id"]]) for line in lines_of(entries)]
    return {
        "total_items": len(services),
        "total_pages": 1,
        "page_number": 1,
        "size": len(services),
        "first_page": True,
        "last_page": True,
        "empty": not services,
        "contents": services,
    }


def read_services(content: bytes) -> tuple[Line, ...]:
    """Return the contacts of a page, or a list, of services.

    Raises `FaultyDocumentError` for another shape; its places count services from 1.
    """
    try:
        document: object = json.loads(content)
    except (ValueError, RecursionError):
        raise FaultyDocumentError.at("file", "is not JSON in UTF-8") from None
    found = as_object(document).get("contents") if is_object(document) else document
    if not is_array(found) or not all(map(is_object, found)):
        raise FaultyDocumentError.at(
            "file", "must be a page of services (contents), or a list of them"
        )
    if len(found) > MOST_LINES:
        raise FaultyDocumentError.at(
            "file", f"has more than {MOST_LINES} services; cut it into parts"
        )
    return tuple(
        Line(place=f"service {number}", says=_says(as_object(service)))
        for number, service in enumerate(found, start=1)
    )


def _service(line: Mapping[str, str], checked_on: str | None) -> dict[str, object]:
    name = line["id"]
    body = line["organisation"]
    return {
        "id": _uuid("service", name),
        "name": line["title"],
        "description": TITLES[Function(line["function"])]
        if line["function"] in {*Function}
        else line["function"],
        "email": line["address"],
        "status": "active",
        "assured_date": checked_on,
        "phones": [{"id": _uuid("phone", name), "number": line["telephone"]}],
        "organization": {
            "id": _uuid("organization", body),
            "name": line["organisation_name"],
            "description": line["organisation_kind"],
            "organization_identifiers": [
                {
                    "id": _uuid("identifier", body),
                    "identifier_type": _SCHEME,
                    "identifier": body,
                }
            ],
        },
        "attributes": [
            {"id": _uuid(f"attribute/{label}", name), "label": label, "value": line[label]}
            for label in _OURS
            if line[label]
        ],
    }


def _says(service: Mapping[str, object]) -> dict[str, str]:
    organisation = _part(service.get("organization"))
    labelled = {
        _text(one.get("label")): _text(one.get("value")) for one in _parts(service, "attributes")
    }
    phones = _parts(service, "phones")
    named = _text(organisation.get("name"))
    ours = [
        _text(one.get("identifier"))
        for one in _parts(organisation, "organization_identifiers")
        if one.get("identifier_type") == _SCHEME
    ]
    said = {
        **{label: labelled.get(label, "") for label in _OURS},
        "organisation": ours[0] if ours else free_name(named, ()) if named else "",
        "organisation_name": named,
        "organisation_kind": _text(organisation.get("description")),
        "title": _text(service.get("name")),
        "address": _text(service.get("email")),
        "telephone": _text(phones[0].get("number")) if phones else "",
    }
    return {field: said[field] or _DEFAULTS.get(field, "") for field in FIELDS}


def _parts(of: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    found = of.get(name)
    return [as_object(one) for one in as_array(found) if is_object(one)] if is_array(found) else []


def _part(value: object) -> Mapping[str, object]:
    return as_object(value) if is_object(value) else {}


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _uuid(kind: str, name: str) -> str:
    return str(uuid.uuid5(_SPACE, f"{kind}/{name}"))
