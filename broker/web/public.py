"""The pages that need nothing else: rendered once, kept as plain files, shown whatever is broken.

They are also what a web server in front shows while the gateway is away: `broker pages write`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

from audit.log.files import write_durably
from broker.settings import Settings
from broker.web import assets
from broker.web.accessibility.criteria import criteria
from broker.web.channels import Channel, preset
from broker.web.cookies import BOUND, PLAIN
from broker.web.languages.catalogue import LANGUAGES, Catalogue
from broker.web.languages.public_words import TITLES as TRANSLATED_TITLES
from broker.web.languages.public_words import offered
from broker.web.rendering import BRAND_CSS, Look, Templates

TITLES: Mapping[str, str] = MappingProxyType(
    {**TRANSLATED_TITLES, "accessibility": "Accessibility"}
)
"""The title of each page by its address without the slash."""

ENGLISH = "en-GB"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPages:
    """The pages without session, cookie and database: kept in memory and as files."""

    pages: Mapping[str, bytes]
    look: Look
    local: tuple[Channel, ...] = ()

    @classmethod
    def of(
        cls,
        settings: Settings,
        local: tuple[Channel, ...] = (),
        languages: tuple[Catalogue, ...] | None = None,
    ) -> "PublicPages":
        """Render every page as the settings and the channels are now; `local` the directory's.

        `languages` are those beside English, unless given those that are whole in this release;
        their pages stand under their code, such as `cy/start`.
        """
        look = Look(settings.service_name, settings.brand_colour)
        known = offered() if languages is None else languages
        names = BOUND if settings.hosts else PLAIN
        shown: dict[str, object] = {
            "channels": preset(),
            "criteria": criteria(),
            "local": local,
            "takes_reports": settings.public_reports_to is not None,
            "release": version("disclosure-broker"),
            "session_cookie": names.session,
            "session_minutes": settings.session_idle_minutes,
            "visit_cookie": names.visit,
        }
        templates, pages = Templates(look), dict[str, bytes]()
        for catalogue in (None, *known):
            for name in TITLES if catalogue is None else TRANSLATED_TITLES:
                spoken = _spoken(name, catalogue, known)
                title = TITLES[name] if catalogue is None else catalogue.of(TITLES[name])
                html = templates.page(f"public/{name}.html", title=title, **shown, **spoken)
                pages[_place(name, catalogue)] = html.encode()
        return cls(pages=MappingProxyType(pages), look=look, local=local)

    def file(self, path: str) -> bytes | None:
        """Return a static file by its path, None where there is none."""
        return self.look.css if path == BRAND_CSS else assets.content(path)

    def write(self, folder: Path, *, for_all: bool = False) -> None:
        """Write the pages, and all that they show, as plain files; raises `OSError`.

        They are for their owner alone unless they are `for_all` users of the host to read, such as
        the web server in front.
        """
        files = {f"{name}.html": page for name, page in self.pages.items()}
        for path in (*assets.checksums(), BRAND_CSS):
            files[f"assets/{path}"] = self.file(path) or b""
        for path, content in files.items():
            _write(folder / path, content, for_all=for_all)


def _place(name: str, catalogue: Catalogue | None) -> str:
    return name if catalogue is None else f"{catalogue.language}/{name}"


def _spoken(
    name: str, catalogue: Catalogue | None, known: tuple[Catalogue, ...]
) -> dict[str, object]:
    """Return what a page in a language shows of languages: its own, its links, and the others."""

    def at(address: str) -> str:
        page = address.removeprefix("/")
        stays = catalogue is None or page not in TRANSLATED_TITLES
        return address if stays else f"/{_place(page, catalogue)}"

    ways = () if name not in TRANSLATED_TITLES or not known else (None, *known)
    return {
        "language": "" if catalogue is None else catalogue.language,
        "translated": None if catalogue is None else catalogue.of,
        "at": at,
        "back": None if name in {"start", "hidden"} else "/start",
        "hidden": name == "hidden",
        "languages": [
            {
                "code": ENGLISH if one is None else one.language,
                "name": "English" if one is None else LANGUAGES[one.language],
                "href": f"/{_place(name, one)}",
                "is_shown": one is catalogue,
            }
            for one in ways
        ],
    }


def _write(path: Path, content: bytes, *, for_all: bool) -> None:
    """Write a file unless it holds the same already."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != content:
        write_durably(path, content)
    if for_all:
        path.parent.chmod(0o755)
        path.chmod(0o644)
