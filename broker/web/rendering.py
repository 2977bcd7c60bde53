"""Templates into pages: one environment for all, which escapes whatever a template shows."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

import jinja2
from jinja2.runtime import Context

from audit.format.plurals import counted
from broker.domain.times import spelled_day, spelled_moment
from broker.web.assets import PREFIX, asset
from broker.web.forms.problems import error_list, error_of

BRAND_CSS = "brand.css"
"""The name, among the static files, of the one that says the installation's colour."""


@dataclass(frozen=True)
class Look:
    """How an installation looks: the name of its service and its colour."""

    service_name: str
    colour: str

    @cached_property
    def css(self) -> bytes:
        """The stylesheet that holds the colour alone."""
        return f":root{{--govuk-brand-colour:{self.colour}}}\n".encode("ascii")

    @cached_property
    def css_address(self) -> str:
        """The address of that stylesheet, which changes with the colour."""
        return f"{PREFIX}{BRAND_CSS}?v={hashlib.sha256(self.css).hexdigest()[:12]}"


@jinja2.pass_context
def _in_its_language(context: Context, text: str) -> str:
    """Return a text in the language of the page that it stands on."""
    translated: Callable[[str], str] | None = context.get("translated")
    return translated(text) if translated is not None else text


def _no_plural(one: str, _many: str, _number: int) -> str:
    return one


def _here(address: str) -> str:
    return address


@cache
def environment() -> jinja2.Environment:
    """Return what templates are read and filled in by: one for the process.

    Compiling a page's templates takes a third of a second; nothing in them is an installation's.
    """
    found = jinja2.Environment(
        # By the name of a file Jinja would escape some and others not; a page escapes all.
        autoescape=True,
        loader=jinja2.ChoiceLoader(
            [
                jinja2.PackageLoader("broker.web"),
                jinja2.PrefixLoader(
                    {"govuk_frontend_jinja": jinja2.PackageLoader("govuk_frontend_jinja")}
                ),
            ]
        ),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    found.policies["ext.i18n.trimmed"] = True
    # The extension adds these to an environment; a text and its plural are never asked for.
    install: Callable[..., None] = found.install_gettext_callables  # type: ignore[attr-defined]
    install(_in_its_language, _no_plural, newstyle=True)
    found.filters.update(_FILTERS)
    return found


_FILTERS: Mapping[str, Callable[..., str]] = {
    "day": spelled_day,
    "when": spelled_moment,
    "counted": counted,
}


class Templates:
    """Renders the templates of the pages in the look of an installation."""

    def __init__(self, look: Look) -> None:
        """Share the environment; each template is compiled when it is first shown."""
        self._environment = environment()
        self._look = look

    def page(self, template: str, /, *, title: str, **shown: object) -> str:
        """Return a page; `title` is its heading and, without any name, that of its window."""
        found = self._environment.get_template(template)
        return found.render(
            title=title,
            asset=asset,
            error_of=error_of,
            error_list=error_list,
            service_name=self._look.service_name,
            brand_css=self._look.css_address,
            **{"at": _here, **shown},
        )
