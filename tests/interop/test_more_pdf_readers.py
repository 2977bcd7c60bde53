"""PDF programs of other people open what we seal, or a wrong word leaves them outside.

Beside qpdf, Poppler and MuPDF (`test_sealed_pdf_readers.py`): Ghostscript, PDFBox, pdf.js, pypdf,
PDFium. Eight in all; pikepdf is qpdf, and pyHanko, which knows the code over the bytes, is ours.
"""

import base64
import io
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2  # type: ignore[import-untyped]  # ships no types
import pytest
from missing_tools import missing
from sealed_packs import PASSPHRASE, REFERENCE, a_pdf

from broker.packs.sealing import Original, seal

pytestmark = pytest.mark.long

ORIGINALS = (
    Original(name="01-attachment.txt", content=b"A made-up note." * 40),
    Original(name="02-attachment.jpg", content=bytes(range(256)) * 40),
)
JARS = ("pdfbox2.jar", "pdfbox2-tools.jar", "fontbox2.jar", "commons-logging.jar")
JAVA = Path("/usr/share/java")
PDF_JS = Path("/usr/share/javascript/pdf/build/pdf.js")
WRONG_WORDS = 20
IN_NODE = """
const library = require(process.argv[1]);
const [words, content] = require("fs").readFileSync(0, "utf8").split("\\n");
const data = Uint8Array.from(Buffer.from(content, "base64"));
const given = {data, password: words, isEvalSupported: false, disableFontFace: true};
library.getDocument(given).promise.then(async (file) => {
  const page = await (await file.getPage(1)).getTextContent();
  const files = await file.getAttachments() || {};
  const told = Object.values(files).map(
    (one) => [one.filename, Buffer.from(one.content).toString("base64")]);
  console.log(JSON.stringify({
    text: page.items.map((one) => one.str).join(" "), files: Object.fromEntries(told)}));
}).catch((error) => { console.log(JSON.stringify({refused: error.name})); });
"""


@pytest.fixture(scope="module", name="sealed")
def _sealed() -> bytes:
    return seal(a_pdf(), ORIGINALS, PASSPHRASE, REFERENCE).content


def wrong_words() -> list[str]:
    """Twenty that are nearly right, none of which is."""
    cut = [PASSPHRASE[:-number] for number in range(1, 6)]
    changed = [PASSPHRASE[:at] + "q" + PASSPHRASE[at + 1 :] for at in range(0, 26, 2)]
    return ["", PASSPHRASE.upper(), *cut, *changed]


def ghostscript(content: bytes, words: str, folder: Path) -> str | None:
    if shutil.which("gs") is None:
        missing("Ghostscript", "apt-get install ghostscript")
    path = folder / "sealed.pdf"
    path.write_bytes(content)
    flags = ["-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=txtwrite", "-o", "-"]
    done = subprocess.run(
        ["gs", *flags, f"-sPDFPassword={words}", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    return None if "Password did not work" in done.stdout + done.stderr else done.stdout


def pdfbox(content: bytes, words: str, folder: Path) -> str | None:
    jars = [JAVA / name for name in JARS]
    if shutil.which("java") is None or not all(jar.exists() for jar in jars):
        missing("PDFBox", "apt-get install libpdfbox2-java default-jre-headless")
    path = folder / "sealed.pdf"
    path.write_bytes(content)
    done = subprocess.run(
        [
            *("java", "-cp", ":".join(map(str, jars)), "org.apache.pdfbox.tools.ExtractText"),
            *("-password", words, "-console", str(path)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    return None if "InvalidPasswordException" in done.stdout + done.stderr else done.stdout


def in_pdf_js(content: bytes, words: str) -> dict[str, Any]:
    if shutil.which("node") is None or not PDF_JS.exists():
        missing("pdf.js", "apt-get install nodejs libjs-pdf")
    done = subprocess.run(
        ["node", "-e", IN_NODE, str(PDF_JS)],
        input=f"{words}\n{base64.b64encode(content).decode()}",
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def pdf_js(content: bytes, words: str, _folder: Path) -> str | None:
    return in_pdf_js(content, words).get("text")


def in_pypdf(content: bytes, words: str, _folder: Path) -> str | None:
    reader = pypdf.PdfReader(io.BytesIO(content))
    if reader.decrypt(words) == pypdf.PasswordType.NOT_DECRYPTED:
        return None
    return reader.pages[0].extract_text()


def in_pdfium(content: bytes, words: str, _folder: Path) -> str | None:
    try:
        document = pypdfium2.PdfDocument(content, password=words)
    except pypdfium2.PdfiumError:
        return None
    with document:
        return str(document[0].get_textpage().get_text_range())


READERS: dict[str, Callable[[bytes, str, Path], str | None]] = {
    "Ghostscript": ghostscript,
    "PDFBox": pdfbox,
    "pdf.js": pdf_js,
    "pypdf": in_pypdf,
    "PDFium": in_pdfium,
}


@pytest.mark.parametrize("name", READERS)
def test_it_opens_with_its_words_and_with_none_of_twenty_wrong_ones(
    sealed: bytes, name: str, tmp_path: Path
) -> None:
    told = READERS[name](sealed, PASSPHRASE, tmp_path)
    assert told is not None
    assert REFERENCE in told
    others = wrong_words()
    assert len(set(others) - {PASSPHRASE}) == WRONG_WORDS
    assert [READERS[name](sealed, other, tmp_path) for other in others] == [None] * WRONG_WORDS


def test_three_of_them_give_the_attachments_back_bit_for_bit(sealed: bytes) -> None:
    wanted = {one.name: one.content for one in ORIGINALS}
    told = in_pdf_js(sealed, PASSPHRASE)["files"]
    assert {name: base64.b64decode(content) for name, content in told.items()} == wanted

    reader = pypdf.PdfReader(io.BytesIO(sealed))
    reader.decrypt(PASSPHRASE)
    assert {name: contents[0] for name, contents in reader.attachments.items()} == wanted

    with pypdfium2.PdfDocument(sealed, password=PASSPHRASE) as document:
        files = [document.get_attachment(at) for at in range(document.count_attachments())]
        assert {one.get_name(): bytes(one.get_data()) for one in files} == wanted
