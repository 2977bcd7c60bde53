"""Views of the pages that need nothing else, and of the static files."""

from http import HTTPStatus

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from broker.web import access, assets
from broker.web.site import as_page, current_site, see_other

public = Blueprint("public", __name__)

_FOR_EVER = "public, max-age=31536000, immutable"


@public.get("/")
@access.public
def root() -> Response:
    """Lead to the first page."""
    return see_other("/start")


@public.get("/start")
@public.get("/now")
@public.get("/channels")
@public.get("/advice")
@public.get("/colleague")
@public.get("/places")
@public.get("/help")
@public.get("/privacy")
@public.get("/cookies")
@public.get("/accessibility")
@public.get("/hidden")
@access.public
def page() -> Response:
    """Show a page from memory: no session, no keystore, no database, no file is asked."""
    return as_page(current_site().public.pages[request.path.removeprefix("/")])


@public.get("/<any(cy):language>/<name>")
@access.public
def page_in_another_language(language: str, name: str) -> Response:
    """Show a page in another language, where that language is whole."""
    page = current_site().public.pages.get(f"{language}/{name}")
    if page is None:
        raise NotFound
    return as_page(page)


@public.get("/assets/<path:path>")
@access.public
def static_file(path: str) -> Response:
    """Give a static file, to be kept for ever: its address changes with its content."""
    content = current_site().public.file(path)
    if content is None:
        raise NotFound
    response = Response(content, status=HTTPStatus.OK, mimetype=assets.media_type(path))
    response.headers["Cache-Control"] = _FOR_EVER
    return response
