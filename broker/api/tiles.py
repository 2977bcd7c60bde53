"""The ledger as a C2SP log serves it (https://c2sp.org/tlog-tiles), to those with a token."""

from http import HTTPStatus

from flask import Blueprint, Response, abort

from audit.errors import NoSuchTileError
from audit.format.merkle.tiles import TilePath
from broker.api import access
from broker.api.services import current_services

ledger = Blueprint("ledger", __name__, url_prefix="/ledger")

_NEVER_CHANGES = "private, max-age=31536000, immutable"
_CHANGES_SOON = "private, max-age=1"


@ledger.get("/checkpoint")
def checkpoint() -> Response:
    """Return the signed head."""
    response = Response(current_services().checkpoints.keep().note, mimetype="text/plain")
    response.headers["Cache-Control"] = _CHANGES_SOON
    return response


@ledger.get("/log.vkey")
def verifier_key() -> Response:
    """Return the key by which the head is checked, to be compared with a copy from elsewhere."""
    return Response(f"{current_services().checkpoints.store.key}\n", mimetype="text/plain")


@ledger.get("/tile/<path:path>", merge_slashes=False)
def tile(path: str) -> Response:
    """Return a tile of hashes that the newest signed head covers; entries to who reads all."""
    try:
        content = current_services().log.tile(TilePath.parse(path), access.person())
    except NoSuchTileError:
        abort(HTTPStatus.NOT_FOUND)
    response = Response(content, mimetype="application/octet-stream")
    response.headers["Cache-Control"] = _NEVER_CHANGES
    return response
