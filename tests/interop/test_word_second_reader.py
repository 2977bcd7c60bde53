"""LibreOffice, which shares no code with us, finds no word in a Word file that we lose."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from missing_tools import missing
from word_packages import FINDINGS, a_docx, field, paragraph, table, text_box

from broker.packs.attachments import AttachmentRefusedError
from broker.packs.attachments.word import examine

pytestmark = pytest.mark.long

_WORD = re.compile(r"[^\W\d_]{2,}")

LETTER = a_docx(
    paragraph("Dear colleague,")
    + table(
        [paragraph("Monday"), paragraph("A leaflet") + paragraph("a flag")],
        [paragraph("Tuesday"), table([paragraph("inner"), paragraph("cell")])],
    )
    + f"<w:p>{field('REF a', '<w:r><w:t>shown result</w:t></w:r>')}</w:p>"
    + f"<w:p>{text_box(paragraph('boxed words'))}</w:p>"
    + paragraph("struck words", run="<w:strike/>")
    + "<w:p><w:smartTag><w:r><w:t>tagged words</w:t></w:r></w:smartTag><w:sdt><w:sdtContent>"
    '<w:r><w:t xml:space="preserve"> chosen words</w:t></w:r></w:sdtContent></w:sdt></w:p>'
    '<w:p><w:r><w:t>noted</w:t><w:footnoteReference w:id="1"/></w:r></w:p>',
    footnotes=f'<w:footnote w:id="1">{paragraph("words of a note")}</w:footnote>',
)


@pytest.fixture(scope="module", name="folder")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("soffice") is None:
        missing("LibreOffice", "apt-get install libreoffice-writer-nogui")
    folder = tmp_path_factory.mktemp("readers")
    (folder / "letter.docx").write_bytes(LETTER)
    for one in FINDINGS.glob("doc-*.docx"):
        shutil.copy(one, folder)
    subprocess.run(
        [
            *("soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"),
            *("--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(folder)),
            *map(str, sorted(folder.glob("*.docx"))),
        ],
        check=True,
        capture_output=True,
        timeout=600,
    )
    return folder


def words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


@pytest.mark.parametrize("name", ["letter", *sorted(p.stem for p in FINDINGS.glob("doc-*.docx"))])
def test_no_word_that_the_second_reader_finds_is_lost(folder: Path, name: str) -> None:
    try:
        ours = examine((folder / f"{name}.docx").read_bytes()).text
    except AttachmentRefusedError:
        return
    theirs = (folder / f"{name}.txt").read_text("utf-8-sig")

    assert words(theirs) <= words(ours)


def test_the_second_reader_reads(folder: Path) -> None:
    theirs = words((folder / "letter.txt").read_text("utf-8-sig"))

    assert {"colleague", "leaflet", "inner", "shown", "struck", "chosen"} <= theirs
