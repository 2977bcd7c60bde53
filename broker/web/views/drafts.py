"""The draft that a page is about."""

from broker.web.site import current_site
from broker.web.visitors import visitor
from broker.web.writing.drafts import OpenDraft


def own_draft(draft: str) -> OpenDraft:
    """Return a draft of whoever looks, opened; raises `UnknownDraftError`."""
    return OpenDraft.of(current_site().services, visitor().person, draft)
