"""Where somebody is on their way through a page: sealed in a cookie, for a while."""

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
WRITING_LASTS: Final = timedelta(minutes=60)
"""How long a visit counts, from its code or, once a reader writes an answer, from each page."""

_KEPT: Final = timedelta(hours=12)
"""How long a browser keeps a visit, so that its reader opens what they typed when it had ended."""

_USE: Final = "visit"
_SAID: Final = ("accepted", "asks", "writes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Somebody who pressed the button; `asker` once their code was right.

    `asks` says that the document puts a question, `writes` that they answer it.
    """

    at: datetime
    asker: Asker | None = None
    accepted: bool = False
    asks: bool = False
    writes: bool = False

    @property
    def lasts(self) -> timedelta:
        """How long it counts."""
        return WRITING_LASTS if self.writes else LASTS


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
            **{name: "yes" if getattr(visit, name) else "no" for name in _SAID},
        }
        key = key_for(page, self.secret, _USE)
        sealed = seal_field(key, json.dumps(document).encode(), _place(page))
        response.set_cookie(
            _name(request),
            base64.urlsafe_b64encode(sealed).decode("ascii"),
            max_age=_KEPT,
            path="/",
            secure=not _is_here(request),
            httponly=True,
            samesite="Strict",
        )

    def of(self, request: Request, page: PageId, now: datetime) -> Visit | None:
        """Return the visit to a page that a browser keeps, None for none that counts."""
        visit = self.kept(request, page)
        return None if visit is None or now - visit.at > visit.lasts else visit

    def kept(self, request: Request, page: PageId) -> Visit | None:
        """Return the visit to a page that a browser keeps, ended or not: it lets nobody in."""
        try:
            sealed = base64.urlsafe_b64decode(request.cookies.get(_name(request), ""))
            key = key_for(page, self.secret, _USE)
            document = as_object(json.loads(open_field(key, sealed, _place(page))))
        except (CannotOpenError, NotBase64Error, ValueError):
            return None
        at, reader = moment_of(text(document["at"])), text(document["reader"])
        secret = bytes.fromhex(text(document["secret"]))
        return Visit(
            at=at,
            asker=Asker(page=page, reader=int(reader), secret=secret) if reader else None,
            **{name: document[name] == "yes" for name in _SAID},
        )


def _place(page: PageId) -> Place:
    return Place(case=page, field=_USE, version=1)


def _is_here(request: Request) -> bool:
    return host_name(request.host) in LOOPBACK_NAMES


def _name(request: Request) -> str:
    return "portal" if _is_here(request) else "__Host-portal"
