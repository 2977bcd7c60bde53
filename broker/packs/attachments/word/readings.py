"""What was read out of a file: words and pictures of our own making, and what was left behind."""

from dataclasses import dataclass, field

from broker.packs.attachments.remarks import WordRemark


@dataclass(frozen=True, slots=True, kw_only=True)
class WordReading:
    """What a Word file shows.

    `text` has line feeds between lines and marks the place of each of `pictures` as
    "[Picture 1]"; these are files in one of the formats of `picture formats` below, in the order
    of their marks: PNG, JPEG, GIF, BMP or TIFF, as they stood in the document or cut to what it
    shows of them. `remarks` name what is not in either.
    """

    text: str = field(repr=False)
    pictures: tuple[bytes, ...] = field(default=(), repr=False)
    remarks: tuple[WordRemark, ...] = ()
