"""A small document of two pages, to be sealed."""

import io

import pikepdf

REFERENCE = "PRV-7Q4K-M2XH"
PASSPHRASE = "thump-chill-zen-rally-aroma-bust"
MARKER = "Planted-Marker"


def a_document(words: str = REFERENCE) -> pikepdf.Pdf:
    document = pikepdf.Pdf.new()
    for _ in range(2):
        page = document.add_blank_page()
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1)
        font.BaseFont = pikepdf.Name.Helvetica
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
        page.Contents = document.make_stream(f"BT /F 12 Tf 9 99 Td ({words}) Tj ET".encode())
    with document.open_metadata() as metadata:
        metadata["dc:title"] = MARKER
    return document


def a_pdf(words: str = REFERENCE) -> bytes:
    buffer = io.BytesIO()
    a_document(words).save(buffer)
    return buffer.getvalue()
