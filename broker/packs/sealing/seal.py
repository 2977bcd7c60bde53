"""Seal a rendered pack: one PDF, encrypted as a whole, the originals inside it."""

import hashlib
import io
import re
import secrets
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from broker.packs.sealing.mac import with_mac
from broker.packs.sealing.parts import (
    Expected,
    NamedByAPersonError,
    Original,
    Sealed,
    SealNotProvedError,
    refuse_passphrase,
)
from broker.packs.sealing.proof import prove

if TYPE_CHECKING:
    from pikepdf import Pdf

_OWNER_BYTES = 24
_IDENTIFIER_BYTES = 16
_MIME = "application/octet-stream"  # the true one would stand in clear beside the ciphertext

# Copying and printing stay allowed: the recipient must be able to use the words, and screen
# readers to read them. Readers treat all of this as a request, it protects nothing.
_ALLOWED: Final = {
    "accessibility": True,
    "extract": True,
    "print_lowres": True,
    "print_highres": True,
    "modify_annotation": False,
    "modify_assembly": False,
    "modify_form": False,
    "modify_other": False,
}


def seal(pdf: bytes, originals: Sequence[Original], passphrase: str, reference: str) -> Sealed:
    """Return the pack sealed under `passphrase`, proved to open with it and not without.

    `pdf` is the rendered pack; `reference` stands on its first page. Raises
    `UnfitPassphraseError`, `NamedByAPersonError`, or `SealNotProvedError` if the result fails its
    check. The format is docs/formats/sealed-pack.md.
    """
    refuse_passphrase(passphrase)
    digests = {
        original.name: hashlib.sha256(original.content).hexdigest() for original in originals
    }
    if len(digests) != len(originals):
        raise NamedByAPersonError
    import pikepdf  # noqa: PLC0415 - slow to load, and few commands seal

    with pikepdf.open(io.BytesIO(pdf)) as document:
        pages = len(document.pages)
        _embed(document, originals)
        content = encrypted(document, passphrase)
    prove(content, Expected(pages=pages, reference=reference, embedded=digests), passphrase)
    return Sealed(content=content, sha256=hashlib.sha256(content).hexdigest(), pages=pages)


def _embed(document: "Pdf", originals: Sequence[Original]) -> None:
    from pikepdf import AttachedFileSpec, Name  # noqa: PLC0415 - slow to load, and few commands seal

    if originals:
        document.Root.PageMode = Name.UseAttachments
    for original in originals:
        specification = AttachedFileSpec(
            document, original.content, filename=original.name, mime_type=_MIME
        )
        # The exact size would stand in clear, and a digest of the content beside it.
        del specification.obj.EF.F.Params
        document.attachments[original.name] = specification


def _identify_anew(document: "Pdf") -> bytes:
    """Give the document identifiers of chance, and return the first of its two, which it keeps.

    The typesetter's are digests of what it set: with them, whoever guesses a name could try it
    without the passphrase.
    """
    from pikepdf import Array, String  # noqa: PLC0415 - slow to load, and few commands seal

    first = secrets.token_bytes(_IDENTIFIER_BYTES)
    document.trailer.ID = Array([String(first), String(first)])
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        for name in ("xmpMM:DocumentID", "xmpMM:InstanceID"):
            metadata[name] = f"uuid:{uuid.uuid4()}"
    return first


def _with_second_identifier(content: bytes, first: bytes) -> bytes:
    """Return the file with a second identifier of chance instead of qpdf's.

    qpdf digests the title and the second at which it writes; no algorithm of revision 6 uses it.
    """
    second = secrets.token_bytes(_IDENTIFIER_BYTES)
    written = re.compile(b"/ID \\[<%s><[0-9a-f]{32}>\\]" % first.hex().encode())
    changed, times = written.subn(
        b"/ID [<%s><%s>]" % (first.hex().encode(), second.hex().encode()), content
    )
    if times != 1:
        raise SealNotProvedError("its identifiers are not where they should be")
    return changed


def _name_extension(document: "Pdf") -> None:
    """Say in the catalogue that the file bears a code of ISO/TS 32004."""
    from pikepdf import Array, Dictionary, Name, String  # noqa: PLC0415 - slow to load, and few commands seal

    extension = Dictionary(
        BaseVersion=Name("/2.0"),
        ExtensionLevel=32004,
        ExtensionRevision=String(":2024"),
        URL=String("https://www.iso.org/standard/45877.html"),
    )
    document.Root.Extensions = Dictionary(ISO_=Array([extension]))


def encrypted(document: "Pdf", passphrase: str) -> bytes:
    """Return the document encrypted under `passphrase` and bound to it, not proved yet."""
    from pikepdf import Encryption, ObjectStreamMode, Permissions  # noqa: PLC0415 - slow to load, and few commands seal

    encryption = Encryption(
        user=passphrase,
        # Left out, it would be empty, and several readers open such a file with no password.
        owner=secrets.token_urlsafe(_OWNER_BYTES),
        R=6,
        aes=True,
        metadata=True,
        allow=Permissions(**_ALLOWED),
    )
    first = _identify_anew(document)
    _name_extension(document)
    buffer = io.BytesIO()
    document.save(
        buffer,
        encryption=encryption,
        object_stream_mode=ObjectStreamMode.generate,  # else the shape of the form stays readable
        compress_streams=False,  # the parts are compressed already; again would triple the time
    )
    return with_mac(_with_second_identifier(buffer.getvalue(), first), passphrase)
