"""A draft as the rules see it now: what would be sent, judged, with its files inspected."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from broker.domain.judgement import Judgement
from broker.domain.model import Pack
from broker.domain.times import uk_day
from broker.intake.documents import read_pack
from broker.intake.submissions import attachments_of
from broker.packs.attachments import Attachment
from broker.web.journeys.pack import PackDraft
from broker.web.writing.drafts import OpenDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A pack of a draft as the rules see it now."""

    draft: PackDraft
    pack: Pack
    judgement: Judgement


def packs_to_somebody(opened: OpenDraft) -> tuple[PackDraft, ...]:
    """Return the packs of a draft; where nobody was chosen yet, its document names the usual one.

    Its recipient stays None then, so that no page names somebody whom nobody chose.
    """
    return tuple(_to_somebody(one, opened) for one in opened.journey.packs_of(opened.answers))


def judged(opened: OpenDraft, draft: PackDraft) -> Judged:
    """Return what the rules say of a pack now; raises `FaultyDocumentError` with each fault."""
    services = opened.services
    document = {**draft.document, **_of_its_case(opened)}
    text = json.dumps(document, ensure_ascii=False).encode()
    vocabulary = services.rulebooks.in_force().vocabulary
    pack = read_pack(text, vocabulary, uk_day(services.clock()))
    return Judged(
        draft=draft, pack=pack, judgement=services.disclosures.preview(pack, opened.person)
    )


def on_paper(opened: OpenDraft, one: Judged) -> bytes:
    """Return the PDF that the recipient of a judged pack would read.

    Raises `FaultyDocumentError` for files that cannot go, and as `Previews.document`.
    """
    return opened.services.previews.document(one.judgement, files_of(opened, one.pack))


def files_of(opened: OpenDraft, pack: Pack) -> tuple[Attachment, ...]:
    """Return the inspected files of a pack in its order; raises as `attachments_of`."""
    named = {note.name: opened.files[note.name] for note in pack.attachments}
    return attachments_of(pack, named, opened.services.sandbox.inspect)


def _of_its_case(opened: OpenDraft) -> Mapping[str, object]:
    """Return what a pack says of the case that it belongs to, once somebody was asked."""
    return {} if opened.asked is None else {"case": opened.asked.concern.case}


def _to_somebody(draft: PackDraft, opened: OpenDraft) -> PackDraft:
    contacts = opened.journey.circumstances.contacts
    if draft.recipient is not None or not contacts:
        return draft
    return replace(draft, document={**draft.document, "recipient": contacts[0].mailbox})
