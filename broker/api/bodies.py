"""Read what a request carries: JSON bodies, packs with attachments, idempotency keys."""

import io
import re
from dataclasses import dataclass
from typing import IO

from flask import Request, request

from broker.api.errors import (
    KeyMissingError,
    LengthMissingError,
    QueryError,
    RequestShapeError,
    RequestTooLargeError,
)
from broker.domain.errors import Fault, FaultyDocumentError
from broker.intake.strict_json import MAX_JSON

MAX_REQUEST = 24_000_000
"""The most bytes of one request: more could not be sealed into a pack."""

MAX_PARTS = 64
"""The most parts of a multipart request."""

PARAMETERS = {"api.entries": ("from", "count"), "partner_requests.index": ("due",)}
"""The parameters that routes take in their address; others take none."""

_NOT_TEXT = (
    Fault(place="document", problem="is not UTF-8 text; save it as UTF-8 and send it again"),
)
_KEY = re.compile(r"[A-Za-z0-9_-]{8,128}")


class BoundedRequest(Request):
    """A request whose files stay in memory: nothing of a child's file is spooled to disk."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        del total_content_length, content_type, filename, content_length
        return io.BytesIO()


@dataclass(frozen=True, slots=True, kw_only=True)
class PackRequest:
    """The text of a pack document and the files beside it, by the names they came with."""

    text: bytes
    files: dict[str, bytes]


def check_length() -> None:
    """Before a request: refuse a body of unknown length, which the server would cut in silence.

    What no route takes is answered as that, whatever its body.
    """
    if request.routing_exception is not None:
        return
    if request.method in {"POST", "PUT", "PATCH"} and request.content_length is None:
        raise LengthMissingError


def check_query() -> None:
    """Before a request: refuse parameters in the address that the route does not take."""
    if request.endpoint is None:
        return
    taken = PARAMETERS.get(request.endpoint, ())
    strangers = [name for name in request.args if name not in taken]
    if strangers or any(len(request.args.getlist(name)) > 1 for name in taken):
        raise QueryError(
            "The address has a parameter that this route does not take, or one twice. It takes: "
            f"{', '.join(taken) or 'none'}."
        )


def pack_request() -> PackRequest:
    """Return what a JSON request, or a multipart one with parts `pack` and `attachment`, carries.

    Raises `RequestShapeError`, `RequestTooLargeError`, `FaultyDocumentError`.
    """
    if request.mimetype == "application/json":
        return PackRequest(text=json_body(), files={})
    if request.mimetype != "multipart/form-data":
        raise RequestShapeError(
            "Send application/json, or multipart/form-data with a part named pack and the files "
            "as parts named attachment."
        )
    uploads = request.files.getlist("attachment")
    files = {(upload.filename or ""): upload.read() for upload in uploads}
    packs = request.form.getlist("pack")
    if len(packs) != 1 or set(request.form) != {"pack"} or set(request.files) - {"attachment"}:
        raise RequestShapeError("The parts must be named pack (once, JSON) and attachment.")
    if len(files) != len(uploads):
        raise RequestShapeError("Two attachments bear the same name. Rename one of them.")
    # The parser put this character where bytes were no text; what they were is lost.
    if "\ufffd" in packs[0]:
        raise FaultyDocumentError(_NOT_TEXT)
    return PackRequest(text=packs[0].encode("utf-8", "surrogatepass"), files=files)


def json_body() -> bytes:
    """Return the body of a JSON request, or raise `RequestShapeError`, `RequestTooLargeError`."""
    if request.mimetype != "application/json":
        raise RequestShapeError("Send the body as application/json.")
    body = request.get_data(cache=False)
    if len(body) > MAX_JSON:
        raise RequestTooLargeError
    return body


def idempotency_key() -> str:
    """Return the Idempotency-Key of a creating call, or raise `KeyMissingError`."""
    keys = request.headers.getlist("Idempotency-Key")
    if len(keys) != 1 or not _KEY.fullmatch(keys[0]):
        raise KeyMissingError
    return keys[0]
