"""How long large files take to be inspected and drawn, a plain pack, and how large a wheel is.

    python tests/bench/file_measures.py NAME FILE

inspects and draws one file in the sandbox and prints pages, seconds, those of the processor, and
the peak of memory.
"""

import io
import os
import statistics
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
from delivery_measures import DOCUMENT, MEBIBYTE
from measuring import ROUNDS, Measure, duration
from PIL import Image
from reader_costs import processor_seconds, watched
from sealed_packs import PASSPHRASE, REFERENCE

from broker.packs.rendering import render
from broker.packs.sandbox.sandbox import Sandbox
from broker.packs.sealing import seal

BUDGET = 250_000
LARGE = 9_900_000
PAGES = 10
_SAMPLE = 512
_TIMES = 5
_A_SECOND, _A_PAGE = 1.0, 0.060
_SEALED_BESIDE_ONCE = 7.1
"""What `plain_pack` gave when it was written: the base of its goal."""
_ROOT = Path(__file__).parents[2]
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_PARTS = "http://schemas.openxmlformats.org/package/2006"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def inspect_photograph(folder: Path) -> Measure:
    """Measure a photograph of 10 MB; the ratio is to 1 s and 60 ms a page, as of each file."""
    return _measured(folder, "photograph.jpg", _noise(LARGE))


def inspect_pdf(folder: Path) -> Measure:
    """Measure a PDF of 10 MB: ten pages, a scan on each."""
    document = pikepdf.new()
    for _ in range(PAGES):
        scan = _noise(LARGE // PAGES)
        width, height = _size(scan)
        page = document.add_blank_page(page_size=(595, 842))
        image = pikepdf.Stream(document, scan)
        image.update(
            {
                "/Type": pikepdf.Name.XObject,
                "/Subtype": pikepdf.Name.Image,
                "/Width": width,
                "/Height": height,
                "/ColorSpace": pikepdf.Name.DeviceGray,
                "/BitsPerComponent": 8,
                "/Filter": pikepdf.Name.DCTDecode,
            }
        )
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=image))
        page.Contents = pikepdf.Stream(document, b"q 595 0 0 842 0 0 cm /Scan Do Q")
    written = io.BytesIO()
    document.save(written, compress_streams=False)
    return _measured(folder, "scans.pdf", written.getvalue())


def inspect_word(folder: Path) -> Measure:
    """Measure a Word file of 10 MB: a photograph in each of ten paragraphs."""
    pictures = [_noise(LARGE // PAGES) for _ in range(PAGES)]
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as parts:
        parts.writestr("[Content_Types].xml", _content_types())
        parts.writestr("_rels/.rels", _links(("officeDocument", "word/document.xml")))
        paragraphs = "".join(_paragraph(f"rId{number}") for number in range(1, PAGES + 1))
        body = f'<w:document xmlns:w="{_WORD}"><w:body>{paragraphs}</w:body></w:document>'
        parts.writestr("word/document.xml", body)
        named = [("image", f"media/image{number}.jpeg") for number in range(1, PAGES + 1)]
        parts.writestr("word/_rels/document.xml.rels", _links(*named))
        for number, picture in enumerate(pictures, start=1):
            parts.writestr(f"word/media/image{number}.jpeg", picture)
    return _measured(folder, "photographs.docx", written.getvalue())


def transparent_picture(folder: Path) -> Measure:
    """Measure a picture of 6,300 by 6,300 pixels with transparency."""
    written = io.BytesIO()
    Image.new("RGBA", (6_300, 6_300), (20, 90, 160, 120)).save(written, "PNG")
    return _measured(folder, "drawing.png", written.getvalue())


def progressive_photograph(folder: Path) -> Measure:
    """Measure a progressive JPEG of 10 MB, which is decoded in several passes."""
    return _measured(folder, "progressive.jpg", _noise(LARGE, progressive=True))


def plain_pack(_folder: Path) -> Measure:
    """Measure setting, sealing and proving a form without files against encrypting it once.

    In processor time, which neighbours disturb least; a tenth above the measured base is too much.
    """
    rendered = render(DOCUMENT)
    seal(rendered, [], PASSPHRASE, REFERENCE)
    whole, once = [], []
    for _ in range(ROUNDS):
        once.append(duration(lambda: _encrypted_once(rendered), time.process_time))
        whole.append(
            duration(lambda: seal(render(DOCUMENT), [], PASSPHRASE, REFERENCE), time.process_time)
        )
    # The least of each: neighbours only ever add to a time of the processor.
    return Measure(
        name="plain pack sealed and proved / encrypted once",
        ratio=min(whole) / min(once),
        goal=f"<= {1.10 * _SEALED_BESIDE_ONCE:.2f}",
        detail=f"{min(whole) * 1000:.0f} ms beside {min(once) * 1000:.0f} ms, of the processor",
    )


def _encrypted_once(document: bytes) -> bytes:
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(document)) as opened:
        opened.save(written, encryption=pikepdf.Encryption(owner="", user=PASSPHRASE, R=6))
    return written.getvalue()


def wheel_size(folder: Path) -> Measure:
    """Measure the wheel with its fonts; the ratio is to 60 MiB."""
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-q"]
    subprocess.run([*command, "-w", str(folder), str(_ROOT)], check=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        fonts = sum(
            one.compress_size
            for one in packed.infolist()
            if one.filename.endswith((".ttf", ".otf"))
        )
    size = wheel.stat().st_size
    return Measure(
        name="wheel / 60 MiB",
        ratio=size / (60 * MEBIBYTE),
        goal="<= 1.00",
        detail=f"{size / MEBIBYTE:.1f} MiB, of them {fonts / MEBIBYTE:.1f} MiB fonts",
    )


def _measured(folder: Path, name: str, content: bytes) -> Measure:
    """Return the measure of a file in the sandbox of a process of its own."""
    path = folder / name
    path.write_bytes(content)
    done = subprocess.run(
        [sys.executable, __file__, name, str(path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=True,
        capture_output=True,
        text=True,
    )
    pages, seconds, busy, peak = (float(word) for word in done.stdout.split())
    return Measure(
        name=f"inspect and draw {name}",
        ratio=seconds / (_A_SECOND + _A_PAGE * pages),
        goal="<= 1.00",
        detail=f"{len(content) / 1e6:.1f} MB, {pages:.0f} pages: {seconds:.2f} s, "
        f"{seconds * 1000 / pages:.0f} ms a page, {busy:.2f} s of the processor, "
        f"peak {peak / MEBIBYTE:.0f} MiB of 300",
    )


def _noise(size: int, *, progressive: bool = False) -> bytes:
    """Return a grey JPEG of noise of about so many bytes."""
    each = len(_drawn(_SAMPLE, progressive=progressive)) / (_SAMPLE * _SAMPLE)
    return _drawn(int((0.99 * size / each) ** 0.5), progressive=progressive)


def _drawn(side: int, *, progressive: bool) -> bytes:
    written = io.BytesIO()
    noise = Image.frombytes("L", (side, side), os.urandom(side * side))
    noise.save(written, "JPEG", quality=95, progressive=progressive)
    return written.getvalue()


def _size(picture: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(picture)) as opened:
        return opened.size


def _content_types() -> str:
    document = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return (
        f'<Types xmlns="{_PARTS}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="jpeg" ContentType="image/jpeg"/>'
        f'<Override PartName="/word/document.xml" ContentType="{document}"/></Types>'
    )


def _links(*named: tuple[str, str]) -> str:
    each = "".join(
        f'<Relationship Id="rId{number}" Type="{_LINKS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(named, start=1)
    )
    return f'<Relationships xmlns="{_PARTS}/relationships">{each}</Relationships>'


def _paragraph(link: str) -> str:
    picture = (
        f'<pic:pic xmlns:pic="{_DRAWING}/picture"><pic:blipFill>'
        f'<a:blip xmlns:a="{_DRAWING}/main" xmlns:r="{_LINKS}" r:embed="{link}"/>'
        "</pic:blipFill></pic:pic>"
    )
    inline = (
        f'<wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing">'
        f'<a:graphic xmlns:a="{_DRAWING}/main">'
        f'<a:graphicData uri="{_DRAWING}/picture">{picture}</a:graphicData>'
        "</a:graphic></wp:inline>"
    )
    return f"<w:p><w:r><w:t>Seen</w:t></w:r><w:r><w:drawing>{inline}</w:drawing></w:r></w:p>"


def _main(name: str, path: Path) -> None:
    """Inspect and draw one file again and again.

    Prints pages, median seconds, seconds of the processor and the peak of a reader.
    """
    sandbox, content = Sandbox(), path.read_bytes()
    sandbox.start()
    with watched() as peak:  # the one round that is not timed: watching costs time
        read = sandbox.drawn(sandbox.inspect(name, content), BUDGET)
    before, times = processor_seconds(), list[float]()
    for _ in range(_TIMES):
        times.append(duration(lambda: sandbox.drawn(sandbox.inspect(name, content), BUDGET)))
    busy = (processor_seconds() - before) / _TIMES
    sandbox.close()
    sys.stdout.write(f"{len(read.images)} {statistics.median(times)} {busy} {peak.bytes}\n")


FILE_MEASURES: tuple[Callable[[Path], Measure], ...] = (
    inspect_pdf,
    inspect_word,
    inspect_photograph,
    transparent_picture,
    progressive_photograph,
    plain_pack,
    wheel_size,
)

if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]))
