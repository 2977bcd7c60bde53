"""The static files are those that were kept, carry nobody's brand, and are small."""

import gzip
import hashlib
import re

import pytest

from broker.web import assets
from broker.web.rendering import Look

FILES = sorted(assets.checksums())
LOOK = Look("Test service", "#1d4f6e")


@pytest.mark.parametrize("path", FILES)
def test_a_static_file_is_the_one_that_was_kept(path: str) -> None:
    content = assets.content(path)

    assert content is not None
    assert hashlib.sha256(content).hexdigest() == assets.checksums()[path]


def test_every_static_file_is_kept_with_its_checksum() -> None:
    found: list[str] = []
    folders = [("", assets.folder())]
    for above, folder in folders:
        for entry in folder.iterdir():
            if entry.is_dir():
                folders.append((f"{above}{entry.name}/", entry))
            else:
                found.append(f"{above}{entry.name}")

    assert sorted(found) == sorted([*FILES, assets.SUMS])


@pytest.mark.parametrize("path", FILES)
def test_a_static_file_carries_no_brand_and_loads_nothing_from_elsewhere(path: str) -> None:
    content = (assets.content(path) or b"").decode()

    assert not re.search(r"GDS Transport|govuk-crest|Frutiger|@font-face", content)
    assert not re.search(r"url\(\"?https?:|@import|sourceMappingURL|from ?\"https?:", content)


def test_what_a_first_page_loads_is_small() -> None:
    loaded = ("css/app.css", "js/early.js", "js/app.mjs", "images/icon.svg")
    (components,) = (path for path in FILES if path.startswith("js/govuk-frontend-"))
    contents = [assets.content(path) or b"" for path in (*loaded, components)]

    assert sum(len(gzip.compress(content)) for content in [*contents, LOOK.css]) < 35_000


def test_the_script_of_the_pages_loads_the_components_that_are_kept() -> None:
    script = (assets.content("js/app.mjs") or b"").decode()
    (named,) = re.findall(r'from "\./([^"]+)"', script)

    assert f"js/{named}" in FILES


def test_an_address_changes_with_the_content() -> None:
    assert assets.asset("css/app.css").endswith(assets.checksums()["css/app.css"][:12])
    assert Look("x", "#000000").css_address != Look("x", "#ffffff").css_address


def test_a_file_that_is_not_kept_has_no_address() -> None:
    with pytest.raises(KeyError):
        assets.asset("css/other.css")


@pytest.mark.parametrize("path", ["../rendering.py", "SHA256SUMS", "css", "", "/etc/passwd"])
def test_nothing_but_static_files_is_given(path: str) -> None:
    assert assets.content(path) is None


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("js/app.mjs", "text/javascript"),
        ("js/early.js", "text/javascript"),
        ("css/app.css", "text/css"),
        ("images/icon.svg", "image/svg+xml"),
    ],
)
def test_a_browser_is_told_what_a_file_is(path: str, kind: str) -> None:
    assert assets.media_type(path) == kind
