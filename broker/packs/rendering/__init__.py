"""Put a pack on paper: the words that leave, and the attachments as pages, in one PDF."""

from broker.packs.rendering.document import Enclosure, Entry, PackDocument, Section
from broker.packs.rendering.paper import CannotRenderError, render

__all__ = [
    "CannotRenderError",
    "Enclosure",
    "Entry",
    "PackDocument",
    "Section",
    "render",
]
