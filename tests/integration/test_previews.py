"""What is shown before sending is what goes, page by page and word by word."""

from datetime import timedelta

import pytest
from brokers import NURSE, Clock, read_here
from word_packages import a_picture

from broker.domain.model import Pack
from broker.intake.submissions import attachments_of, submission_of
from broker.packs.opening import open_sealed, pages_in, picture_of
from broker.packs.pdfium import opened
from broker.packs.rendering.words import GIVEN_LATER
from broker.wiring import Services

NOTE = {"name": "photo.png", "carries": ["concerns.event"], "why": "It shows the place."}
FILES = {"photo.png": a_picture(size=(400, 300))}


def words_of(pdf: bytes) -> list[str]:
    with opened(pdf) as document:
        return [document.text(index) for index in range(document.pages)]


def sent(services: Services, pack: Pack, files: dict[str, bytes]) -> tuple[bytes, str]:
    """Send a pack and return it as its recipient opens it, with its reference."""
    submission = submission_of(
        pack, files, "key-00000001", services.idempotency, services.sandbox.inspect
    )
    reference = services.disclosures.submit(submission, NURSE)
    services.dispatcher.dispatch()
    passphrase = services.disclosures.hand_over(reference, NURSE, None).passphrase
    with services.transaction() as tx:
        sealed = tx.case_file(tx.disclosure(reference)).sealed()
    assert sealed is not None
    return open_sealed(sealed, passphrase).pdf, str(reference)


@pytest.mark.parametrize("attached", [False, True], ids=["alone", "with a file"])
def test_a_preview_has_the_pages_and_words_of_what_goes(
    sqlite_broker: Services, clock: Clock, *, attached: bool
) -> None:
    services = sqlite_broker
    files = FILES if attached else {}
    pack = read_here(services, attachments=[NOTE] if attached else [])
    judgement = services.disclosures.preview(pack, NURSE)
    preview = services.previews.document(
        judgement, attachments_of(pack, files, services.sandbox.inspect)
    )
    clock.forward(timedelta(minutes=3))
    goes, reference = sent(services, pack, files)

    shown = [page.replace(GIVEN_LATER, "#") for page in words_of(preview)]
    read = [
        page.replace(reference, "#").replace("16 March 2026 at 12:03", "#")
        for page in words_of(goes)
    ]
    assert "#" in shown[0]
    assert shown == read


def test_a_page_of_a_preview_is_a_picture(sqlite_broker: Services) -> None:
    pack = read_here(sqlite_broker)
    preview = sqlite_broker.previews.document(sqlite_broker.disclosures.preview(pack, NURSE), ())

    assert pages_in(preview) >= 1
    assert picture_of(preview, 0).startswith(b"\x89PNG")
    for page in (-1, pages_in(preview)):
        with pytest.raises(IndexError):
            picture_of(preview, page)
