import pytest

from broker.packs.attachments import (
    Attachment,
    Kind,
    PackTooLargeError,
    Reading,
    fits,
    page_budget,
)
from broker.packs.attachments.size import BEST_PAGE_BYTES, LEAST_PAGE_BYTES


def an_attachment(*, size: int = 1, pages: int = 0, text: str = "") -> Attachment:
    reading = Reading(pages=pages, text=text, copy=bytes(size))
    return Attachment(kind=Kind.TXT, content=b"", sha256="", reading=reading)


def test_a_small_pack_gets_the_best_page_images() -> None:
    assert page_budget([an_attachment(size=2_000_000, pages=10)]) == BEST_PAGE_BYTES


def test_a_pack_without_pages_has_nothing_to_divide() -> None:
    assert page_budget([]) == BEST_PAGE_BYTES


def test_a_large_pack_divides_what_is_left_among_its_pages() -> None:
    attachments = [an_attachment(size=5_000_000, pages=80), an_attachment(pages=20)]

    assert page_budget(attachments) == (17_000_000 - 5_000_001) // 100


@pytest.mark.parametrize(
    "attachments",
    [
        pytest.param([an_attachment(size=8_500_001)] * 2, id="copies"),
        pytest.param([an_attachment(pages=95)] * 3, id="pages"),
        pytest.param([an_attachment(text="a" * 200_000)] * 15, id="plain text"),
        pytest.param([an_attachment(text="ع" * 200_000)] * 3, id="letters that need more"),
        pytest.param([an_attachment(text="a\n" * 100_000)] * 2, id="lines"),
    ],
)
def test_a_pack_that_would_pass_18_megabytes_is_refused(attachments: list[Attachment]) -> None:
    with pytest.raises(PackTooLargeError, match="Leave out an attachment"):
        fits(attachments)


def test_every_page_image_gets_the_least_or_the_pack_is_refused() -> None:
    assert page_budget([an_attachment(pages=283)]) >= LEAST_PAGE_BYTES
    with pytest.raises(PackTooLargeError):
        page_budget([an_attachment(pages=284)])


def test_the_form_counts_too() -> None:
    attachments = [an_attachment(size=10_000_000)]
    fits(attachments)

    with pytest.raises(PackTooLargeError):
        fits(attachments, ["a" * 20_000] * 60)
