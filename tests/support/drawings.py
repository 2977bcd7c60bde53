"""Attachments with their page images, made in this process: the sandbox has tests of its own."""

from dataclasses import replace

from broker.packs.attachments import Attachment
from broker.packs.attachments.gate import inspect
from broker.packs.attachments.pictures.page_images import page_images
from broker.packs.rendering.pictures import PageImage

BUDGET = 250_000


def drawn(name: str, content: bytes, budget: int = BUDGET) -> Attachment:
    """Return a file that passes the gate, drawn."""
    attachment = inspect(name, content)
    source = attachment.copy or content
    pictures = attachment.reading.pictures
    images = tuple(page_images(attachment.kind, source, pictures, budget))
    return replace(attachment, images=images if attachment.pages else ())


def pages_of(name: str, content: bytes, budget: int = BUDGET) -> list[PageImage]:
    """Return the page images of a file that passes the gate."""
    return list(map(PageImage.of, drawn(name, content, budget).images))
