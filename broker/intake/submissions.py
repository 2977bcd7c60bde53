"""A pack and its files become a submission: matched by name, each file through the gate."""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import replace

from broker.disclosures.flow import Submission
from broker.domain.errors import Fault, FaultyDocumentError
from broker.domain.model import Pack, SubmissionKey
from broker.packs.attachments import Attachment, AttachmentRefusedError, Inspect, Reason, fits
from broker.packs.originals import as_asked
from keys import IndexKey


def submission_of(
    pack: Pack, files: Mapping[str, bytes], key: str, idempotency: IndexKey, inspect: Inspect
) -> Submission:
    """Return the submission of a pack and the contents of its files by name.

    `key` is the sender's idempotency key; `idempotency` keys the digest of what comes with it.
    Names are compared in Unicode's composed form (NFC), since a Mac sends them decomposed. Raises
    `FaultyDocumentError` with every fault, `PackTooLargeError`, and what `inspect` raises about
    itself. No transaction may be open.
    """
    named = by_name(files)
    attachments = attachments_of(pack, named, inspect)
    content = replace(pack, again=None).document()
    text = json.dumps(content, sort_keys=True, ensure_ascii=False).encode()
    # Length first, so that no two different submissions spell the same bytes.
    parts = (text, *(named[note.name] for note in pack.attachments))
    body = idempotency.digest(b"".join(len(part).to_bytes(8, "big") + part for part in parts))
    return Submission(pack=pack, attachments=attachments, key=SubmissionKey(key=key, body=body))


def by_name(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return files by the composed form of their names.

    Raises `FaultyDocumentError` where two of them are one.
    """
    named = {unicodedata.normalize("NFC", name): content for name, content in files.items()}
    if len(named) != len(files):
        problem = "came with two files of one name; rename one of them"
        raise FaultyDocumentError.at("attachments", problem)
    return named


def attachments_of(
    pack: Pack, files: Mapping[str, bytes], inspect: Inspect
) -> tuple[Attachment, ...]:
    """Return the inspected files in the order of the pack; raises as `submission_of`."""
    names = [note.name for note in pack.attachments]
    faults = [
        Fault(place=f"attachments[{index}].name", problem="came without a file of this name")
        for index, name in enumerate(names)
        if name not in files
    ]
    if len(set(names)) != len(names):
        faults.append(Fault(place="attachments", problem="name one file twice"))
    if not set(files) <= set(names):
        faults.append(
            Fault(
                place="attachments",
                problem="a file came that is not listed; list it, with what it carries and why",
            )
        )
    accepted: list[Attachment] = []
    for index, name in enumerate(names):
        try:
            accepted.append(inspect(name, files.get(name, b"")))
        except AttachmentRefusedError as error:
            if name in files:
                faults.append(Fault(place=f"attachments[{index}]", problem=str(error)))
            if error.reason is Reason.TOO_MUCH:
                break  # the pack cannot go as it is, and such files cost the most
    if faults:
        raise FaultyDocumentError(tuple(faults))
    fits(as_asked(pack, accepted), pack.form.values())
    return tuple(accepted)
