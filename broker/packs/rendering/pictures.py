"""Page images as the template takes them."""

import base64
from dataclasses import dataclass, field

from broker.packs.attachments.pictures.jpeg_size import jpeg_size


@dataclass(frozen=True, slots=True, kw_only=True)
class PageImage:
    """A page as a JPEG file, with its size in pixels."""

    width: int
    height: int
    jpeg: bytes = field(repr=False)

    @classmethod
    def of(cls, jpeg: bytes) -> "PageImage":
        """Return a page image of an attachment; raises `ValueError` for no JPEG file."""
        width, height = jpeg_size(jpeg)
        return cls(width=width, height=height, jpeg=jpeg)

    @property
    def wide(self) -> bool:
        """Whether the page lies on its side."""
        return self.width > self.height

    def as_svg(self) -> bytes:
        """Return a vector file with the JPEG in it: typst takes only text from memory."""
        size = f'width="{self.width}" height="{self.height}"'
        encoded = base64.b64encode(self.jpeg).decode("ascii")
        image = f'<image {size} href="data:image/jpeg;base64,{encoded}"/>'
        return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{image}</svg>'.encode("ascii")
