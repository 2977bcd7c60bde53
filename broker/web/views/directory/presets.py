"""Lists that were printed: looked at, and loaded to begin with."""

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from broker.registers.presets import Preset, presets
from broker.web import access
from broker.web.menu import KEEPERS
from broker.web.site import current_site, see_other
from broker.web.views.answers import show
from broker.web.views.directory import words
from broker.web.visitors import visitor

printed = Blueprint("presets", __name__)


@printed.get("/directory/presets")
@access.requires(*KEEPERS)
def index() -> Response:
    """Show the lists that there are."""
    return show(
        "directory/presets.html",
        title="Begin with a list that was printed",
        presets=list(presets().values()),
        back="/directory",
    )


@printed.get("/directory/presets/<name>")
@access.requires(*KEEPERS)
def preset_page(name: str) -> Response:
    """Show what a list would bring."""
    found = _preset(name)
    here = {one.id for one in current_site().services.directory.entries().mailboxes}
    return show(
        "directory/preset.html",
        title="A list that was printed",
        preset=found,
        groups=[
            (body, [one for one in found.contacts if one.agency == body.id])
            for body in found.bodies
        ],
        function_of=words.function_of,
        missing=sum(one.id not in here for one in found.contacts),
        back="/directory/presets",
    )


@printed.post("/directory/presets/<name>")
@access.requires(*KEEPERS)
def load(name: str) -> Response:
    """Enter what is not there yet; nothing counts before somebody has rung."""
    services = current_site().services
    rulebook = services.rulebooks.in_force()
    services.keeping.presets.load(_preset(name), rulebook, visitor().person.id)
    return see_other("/directory")


def _preset(name: str) -> Preset:
    try:
        return presets()[name]
    except KeyError:
        raise NotFound from None
