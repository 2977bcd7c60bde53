"""Forms that only our own pages can send: each holds a token that belongs to its cookie."""

import base64
import hmac
from urllib.parse import urlsplit

from flask import Request

from broker.web.errors import StalePageError

_ABOUT = b"disclosure-broker/pages/form/1"


def token_for(secret: str) -> str:
    """Return the token of a form for whoever holds a cookie of this content."""
    digest = hmac.digest(secret.encode("utf-8", "replace"), _ABOUT, "sha256")
    return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")


def check_form(request: Request, secret: str) -> None:
    """Return if what was sent comes from a page of ours; raises `StalePageError`.

    A browser says from which site a form comes; the token must be right whatever it says.
    """
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    is_ours = origin is None or urlsplit(origin).netloc == request.host
    given = request.form.get("_csrf", "").encode("utf-8", "replace")
    is_right = bool(secret) and hmac.compare_digest(given, token_for(secret).encode("ascii"))
    if site not in {"same-origin", "none"} or not is_ours or not is_right:
        raise StalePageError
