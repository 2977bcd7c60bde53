"""Whatever somebody types is shown as text, by every macro and every template of the pages."""

import re
from importlib.resources import files
from typing import Any

import pytest

from broker.web.rendering import Look, Templates, environment

HOSTILE = "\"'><script>alert(1)</script>"
LISTS = frozenset(
    {"items", "rows", "head", "navigation", "errorList", "tabs", "meta", "breadcrumbs"}
)
ENVIRONMENT = environment()
TEMPLATES = Templates(Look("Test service", "#1d4f6e"))
OURS = [
    name for name in ENVIRONMENT.list_templates() if not name.startswith("govuk_frontend_jinja/")
]
MACROS = sorted(
    folder.name
    for folder in (files("govuk_frontend_jinja") / "templates" / "components").iterdir()
    if folder.is_dir()
)
SOURCES = {
    name: (
        files("govuk_frontend_jinja") / "templates" / "components" / name / "macro.html"
    ).read_text()
    for name in MACROS
}
ALL = " ".join(SOURCES.values())


class Hostile(dict[str, Any]):
    """Parameters of whatever name, all of them hostile; HTML is what templates alone hand over."""

    def __missing__(self, name: str) -> Any:
        if name.lower().endswith("html"):
            return ""
        if name in LISTS:
            return [Hostile()]
        if re.fullmatch(r".*(Under|Over)LimitText|multiple.*", name):
            return {"other": HOSTILE}
        if name.lower().endswith("attributes"):
            return {"data-x": HOSTILE}
        has_parts = re.search(rf"{name}\.(text|classes|attributes|heading|beforeInput)", ALL)
        return Hostile() if has_parts else HOSTILE

    def __contains__(self, name: object) -> bool:
        return True


@pytest.mark.parametrize("name", MACROS)
def test_a_macro_shows_what_is_hostile_as_text(name: str) -> None:
    (macro,) = re.findall(r"{%-? *macro (govuk[A-Za-z]+) *\(params\)", SOURCES[name])[:1]
    source = (
        f'{{% from "govuk_frontend_jinja/components/{name}/macro.html" import {macro} %}}'
        f"{{{{ {macro}(params) }}}}"
    )

    shown = ENVIRONMENT.from_string(source).render(params=Hostile())

    assert "&lt;script&gt;" in shown
    assert "<script" not in shown


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param({"sentences": [HOSTILE]}, id="a sentence"),
        pytest.param({"detail": HOSTILE}, id="a detail"),
        pytest.param({"request_id": HOSTILE}, id="an identifier"),
    ],
)
def test_a_page_shows_what_is_hostile_as_text(shown: dict[str, object]) -> None:
    page = TEMPLATES.page("problem.html", title=HOSTILE, **{"link": {}, **shown})

    assert page.count("<script") == 2  # our own two, in files
    assert "&lt;script&gt;" in page


def test_no_template_of_ours_hands_text_on_as_html() -> None:
    folder = files("broker.web") / "templates"
    sources = {name: (folder / name).read_text(encoding="utf-8") for name in OURS}

    assert len(sources) > 8
    assert [
        name for name, text in sources.items() if re.search(r"\|\s*safe|autoescape|Markup", text)
    ] == []


def test_text_is_escaped_whatever_a_template_is_called() -> None:
    assert ENVIRONMENT.autoescape is True
