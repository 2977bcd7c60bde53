"""A file that came with a page: read once, and looked at by the gate before it is kept."""

from dataclasses import dataclass, field

from flask import g, request

from broker.packs.attachments import AttachmentRefusedError
from broker.web.journeys.shapes import Problem
from broker.web.site import current_site


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it came: its name, and what it holds."""

    name: str
    content: bytes = field(repr=False)


def uploaded() -> Upload | None:
    """Return the file that came with this request, None where none did."""
    if "upload" not in g:
        g.upload = _upload()
    found: Upload | None = g.upload
    return found


def refused_upload() -> tuple[Problem, ...]:
    """Return why the gate refuses the file that came, in plain words."""
    upload = uploaded()
    if upload is None:
        return ()
    try:
        current_site().services.sandbox.inspect(upload.name, upload.content)
    except AttachmentRefusedError as error:
        return (Problem(question="file", message=str(error)),)
    return ()


def _upload() -> Upload | None:
    came = request.files.get("file")
    if came is None or not came.filename:
        return None
    return Upload(name=came.filename, content=came.read())
