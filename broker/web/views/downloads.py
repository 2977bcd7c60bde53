"""Answers that a browser keeps as a file and never shows, whatever stands in them."""

from collections.abc import Iterable

from flask import Response

from broker.web.site import as_page


def as_file(content: bytes | Iterable[bytes], name: str, mimetype: str) -> Response:
    """Return an answer to be kept under `name`, which names nobody."""
    response = as_page(content if isinstance(content, bytes) else b"")
    if not isinstance(content, bytes):
        response.response = content
        # That of no content, by which a server would cut off what follows.
        del response.headers["Content-Length"]
    response.headers["Content-Type"] = mimetype
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
