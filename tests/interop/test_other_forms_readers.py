"""Programs of other people open the locked zip that we make, and stay out with other words."""

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from missing_tools import missing
from sealed_packs import REFERENCE, a_pdf

from broker.packs.sealing import Original
from broker.packs.sealing.forms.zipped import INNER, seal_zip

pytestmark = pytest.mark.long

WORDS = "june-pull-swab-wife-task-await-cub"
NOTE = Original(name="01-attachment.txt", content=b"A made-up note." * 40)


def seven_zip(path: Path, words: str) -> bytes | None:
    """7-Zip, which a recipient has on Windows."""
    if shutil.which("7zz") is None:
        missing("7-Zip", "apt-get install 7zip")
    done = subprocess.run(
        ["7zz", "x", "-so", f"-p{words}", str(path)], capture_output=True, check=False
    )
    return done.stdout if done.returncode == 0 else None


def bsdtar(path: Path, words: str) -> bytes | None:
    """What macOS and Windows 11 build on, libarchive, by its own program."""
    if shutil.which("bsdtar") is None:
        missing("bsdtar", "apt-get install libarchive-tools")
    done = subprocess.run(
        ["bsdtar", "--passphrase", words, "-xOf", str(path)], capture_output=True, check=False
    )
    return done.stdout if done.returncode == 0 else None


@pytest.mark.parametrize("program", [seven_zip, bsdtar])
def test_a_locked_zip_opens_with_its_words_and_with_none_of_twenty_others(
    program: Callable[[Path, str], bytes | None], tmp_path: Path
) -> None:
    path = tmp_path / "document.zip"
    pdf = a_pdf()
    path.write_bytes(seal_zip(pdf, (NOTE,), WORDS, REFERENCE, pages=2).content)

    found = program(path, WORDS)

    assert found is not None
    with zipfile.ZipFile(io.BytesIO(found)) as inner:
        assert inner.read(f"document-{REFERENCE}.pdf") == pdf
        assert inner.read(NOTE.name) == NOTE.content
    for at in range(20):
        assert program(path, WORDS[:at] + "q" + WORDS[at + 1 :]) is None
    assert INNER.encode() in path.read_bytes()
