"""The routes of memories: what is still known of a case whose words are gone, and for how long."""

from flask import Blueprint, Response, jsonify

from broker.api import access
from broker.api.bodies import json_body
from broker.api.services import current_services
from broker.intake.case_documents import read_why
from broker.intake.documents import read_nothing
from broker.ledger.readings import Entrance
from broker.retention.memories import Memories

memories = Blueprint("memories", __name__, url_prefix="/api/v1/memories")


@memories.get("")
def index() -> Response:
    """List what is remembered of the cases of the caller's body, the first to go first."""
    kept = _memories()
    found = kept.of_body(access.person())
    return jsonify({"memories": [one.document(kept.today()) for one in found]})


@memories.get("/<reference>")
def show(reference: str) -> Response:
    """Return one of them with why it was kept on; recorded."""
    kept = _memories()
    found = kept.open(access.person(), reference, Entrance.API)
    return jsonify(found.opened(kept.today()))


@memories.post("/<reference>/keep")
def keep(reference: str) -> Response:
    """Keep it on for another year, with a reason."""
    kept = _memories()
    found = kept.keep(access.person(), reference, read_why(json_body()))
    return jsonify(found.document(kept.today()))


@memories.post("/<reference>/end")
def end(reference: str) -> Response:
    """Forget it now."""
    read_nothing(json_body())
    _memories().end(access.person(), reference)
    return jsonify({"forgotten": True})


def _memories() -> Memories:
    return current_services().retention.memories
