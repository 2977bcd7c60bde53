"""What is left of a picture file once it was written anew, and what its details gave away."""

import html
from collections.abc import Iterable
from dataclasses import dataclass, field

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from broker.packs.attachments.kinds import MAX_PIXELS
from broker.packs.attachments.refusals import AttachmentRefusedError, Reason
from broker.packs.attachments.remarks import Remark

UPRIGHT = 1
_ORIENTATIONS = range(1, 9)
_EXIF_START = b"Exif\0\0"
_PLAIN_TAGS = frozenset(
    {
        *(Base.Orientation, Base.ExifOffset, Base.GPSInfo, Base.YCbCrPositioning),
        *(Base.XResolution, Base.YResolution, Base.ResolutionUnit),
    }
)
_PLACE_IN_XMP = "gpsl"  # exif:GPSLatitude, exif:GPSLongitude


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """A picture as a file of allowed parts only; `orientation` is that of EXIF, 1 for upright.

    `ended` says whether the original had its end marker; without it, it may be cut short. `trial`
    is a picture to be decoded to be sure that this one can be, "" for this one itself.
    `may_be_white` is False where its first pixel tells that it is not.
    """

    content: bytes = field(repr=False)
    width: int
    height: int
    orientation: int
    remarks: tuple[Remark, ...]
    ended: bool = True
    trial: bytes = field(default=b"", repr=False)
    may_be_white: bool = True

    @property
    def upright_size(self) -> tuple[int, int]:
        """Width and height as people see the picture."""
        sideways = self.orientation >= 5  # noqa: PLR2004  # 5 to 8 are turned by a quarter
        return (self.height, self.width) if sideways else (self.width, self.height)


def refuse_pixels(width: int, height: int) -> None:
    """Return for a picture of bearable size; done before anything is unpacked."""
    if width <= 0 or height <= 0:
        raise AttachmentRefusedError(Reason.UNREADABLE)
    if width * height > MAX_PIXELS:
        raise AttachmentRefusedError(Reason.PIXELS)


def orientation_block(orientation: int) -> bytes:
    """Return an EXIF block that holds the orientation and nothing else (TIFF, big-endian)."""
    entry = bytes.fromhex("0112 0003 00000001") + orientation.to_bytes(2, "big") + b"\0\0"
    return b"MM\0*" + (8).to_bytes(4, "big") + b"\0\1" + entry + bytes(4)


def read_details(blocks: Iterable[bytes]) -> tuple[int, set[Remark]]:
    """Return the orientation, and what EXIF and XMP blocks say that stays behind."""
    orientation, remarks = UPRIGHT, set[Remark]()
    for block in blocks:
        if block.startswith(_EXIF_START):
            turned, found = _read_exif(block)
            orientation = turned if orientation == UPRIGHT else orientation
            remarks |= found
        else:
            remarks.add(Remark.DETAILS)
            text = html.unescape(block.decode("utf-8", "replace"))
            if _PLACE_IN_XMP in text.lower():
                remarks.add(Remark.LOCATION)
    return orientation, remarks


def _read_exif(block: bytes) -> tuple[int, set[Remark]]:
    exif = Image.Exif()
    try:
        exif.load(block)
        tags = set(exif)
        place = exif.get_ifd(IFD.GPSInfo)
        details = exif.get_ifd(IFD.Exif)
        orientation = exif.get(Base.Orientation, UPRIGHT)
    except Exception:  # noqa: BLE001  # a block that cannot be read stays behind unread
        return UPRIGHT, {Remark.DETAILS}
    remarks = set[Remark]()
    if tags - _PLAIN_TAGS or details:
        remarks.add(Remark.DETAILS)
    if GPS.GPSLatitude in place or GPS.GPSLongitude in place:
        remarks.add(Remark.LOCATION)
    return (orientation if orientation in _ORIENTATIONS else UPRIGHT), remarks
