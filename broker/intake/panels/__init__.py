"""What is written about a panel's meeting, parsed once into a value; every fault at once."""

from typing import Final, Literal

from broker.domain.errors import FaultyDocumentError
from broker.domain.panels.packs import WantedPack
from broker.intake.documents import object_in
from broker.intake.shapes import Document, Text
from broker.intake.validation import validated

MOST_PICKS: Final = 500
"""How many fields of bodies one pack is picked from at most."""


class PanelPackModel(Document):
    """A panel's pack: what is picked, and why the panel needs it (docs/formats/panel-pack.md)."""

    pack: Literal["panel-pack/1"]
    picks: list[str]
    statement: Text
    necessity: Text
    proportionality: Text
    reasons: dict[str, Text] = {}  # noqa: RUF012  # pydantic copies it for each document
    screened: Literal["yes", "no"]


def read_panel_pack(text: bytes) -> WantedPack:
    """Return the pack of a JSON document, or raise `FaultyDocumentError` with every fault."""
    model = validated(PanelPackModel, object_in(text))
    if len(model.picks) > MOST_PICKS:
        problem = f"must be at most {MOST_PICKS}"
        raise FaultyDocumentError.at("picks", problem)
    return WantedPack(
        picks=tuple(model.picks),
        statement=model.statement,
        necessity=model.necessity,
        proportionality=model.proportionality,
        reasons=model.reasons,
        screened=model.screened == "yes",
    )
