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
from broker.web.rendering import BRAND_CSS, Look, Templates

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "start": "Are you worried about someone?",
        "now": "Ring 999 now",
        "channels": "Whom you can ring",
        "advice": "Talk to someone first",
        "colleague": "A worry about a colleague",
        "places": "A place, event, leaflet, speaker or website",
        "help": "Help",
        "privacy": "Privacy",
        "cookies": "Cookies",
        "accessibility": "Accessibility",
        "hidden": "Your work is saved",
    }
)
"""The title of each page by its address without the slash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPages:
    """The pages without session, cookie and database: kept in memory and as files."""

    pages: Mapping[str, bytes]
    look: Look
    local: tuple[Channel, ...] = ()

    @classmethod
    def of(cls, settings: Settings, local: tuple[Channel, ...] = ()) -> "PublicPages":
        """Render every page as the settings and the channels are now; `local` the directory's."""
        look = Look(settings.service_name, settings.brand_colour)
        templates = Templates(look)
        names = BOUND if settings.hosts else PLAIN
        pages = {
            name: templates.page(
                f"public/{name}.html",
                title=title,
                channels=preset(),
                criteria=criteria(),
                local=local,
                takes_reports=settings.public_reports_to is not None,
                release=version("disclosure-broker"),
                session_cookie=names.session,
                visit_cookie=names.visit,
                back=None if name in {"start", "hidden"} else "/start",
                hidden=name == "hidden",
            ).encode()
            for name, title in TITLES.items()
        }
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


def _write(path: Path, content: bytes, *, for_all: bool) -> None:
    """Write a file unless it holds the same already."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != content:
        write_durably(path, content)
    if for_all:
        path.parent.chmod(0o755)
        path.chmod(0o644)
