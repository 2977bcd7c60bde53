"""Where somebody is on their way through a page: sealed in a cookie, for a quarter of an hour."""

import base64
import json
from binascii import Error as NotBase64Error
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from flask import Request, Response

from broker.domain.json_values import as_object, text
from broker.domain.portal.asking import Asker
from broker.domain.portal.pages import PageId
from broker.domain.times import moment_of, rfc3339
from broker.settings import LOOPBACK_NAMES, host_name
from keys import CannotOpenError, Place, key_for, open_field, seal_field

LASTS: Final = timedelta(minutes=15)
_USE: Final = "visit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Somebody who pressed the button; `asker` once their code was right."""

    at: datetime
    asker: Asker | None = None
    accepted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """Keeps visits with the browser; `secret` is this process's own and ends with it."""

    secret: bytes = field(repr=False)

    def give(self, request: Request, response: Response, page: PageId, visit: Visit) -> None:
        """Have the browser keep a visit to a page."""
        asker = visit.asker
        document = {
            "at": rfc3339(visit.at),
            "reader": "" if asker is None else str(asker.reader),
            "secret": "" if asker is None else asker.secret.hex(),
            "accepted": "yes" if visit.accepted else "no",
        }
        key = key_for(page, self.secret, _USE)
        sealed = seal_field(key, json.dumps(document).encode(), _place(page))
        response.set_cookie(
            _name(request),
            base64.urlsafe_b64encode(sealed).decode("ascii"),
            max_age=LASTS,
            path="/",
            secure=not _is_here(request),
            httponly=True,
            samesite="Strict",
        )

    def of(self, request: Request, page: PageId, now: datetime) -> Visit | None:
        """Return the visit to a page that a browser keeps, None for none that counts."""
        try:
            sealed = base64.urlsafe_b64decode(request.cookies.get(_name(request), ""))
            key = key_for(page, self.secret, _USE)
            document = as_object(json.loads(open_field(key, sealed, _place(page))))
        except (CannotOpenError, NotBase64Error, ValueError):
            return None
        at, reader = moment_of(text(document["at"])), text(document["reader"])
        if now - at > LASTS:
            return None
        secret = bytes.fromhex(text(document["secret"]))
        return Visit(
            at=at,
            asker=Asker(page=page, reader=int(reader), secret=secret) if reader else None,
            accepted=document["accepted"] == "yes",
        )


def _place(page: PageId) -> Place:
    return Place(case=page, field=_USE, version=1)


def _is_here(request: Request) -> bool:
    return host_name(request.host) in LOOPBACK_NAMES


def _name(request: Request) -> str:
    return "portal" if _is_here(request) else "__Host-portal"
