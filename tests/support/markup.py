"""What every page must be, whatever it shows: looked for in each HTML answer of a test client."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from contract_codes import codes_in
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

LONGEST = 30_000
LONGEST_REVIEW = 60_000
"""What a page may weigh; the one on which a Guardian reads a whole case may weigh twice that."""
TYPED = frozenset({"text", "email", "tel", "number"})
IDREFS = ("aria-describedby", "aria-labelledby", "aria-controls", "for", "form", "list")
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
POLICY = ("default-src 'none'", "script-src 'self'", "require-trusted-types-for 'script'")
ELSEWHERE = re.compile(r"^(?!otpauth:)(?:[a-z]+:)?//", re.IGNORECASE)
"""An address of another site; what an app on the same telephone opens is none."""
DRAWN = re.compile(
    r"\b(?:PRV|REQ|CON|BRE|MTG)-[0-9A-Z]{4}-[0-9A-Z]{4}\b"  # a reference
    r"|\b[0-9a-f]{32}\b"  # the name of a draft
    r'|(?<=name="_csrf" value=")[^"]+'
)
"""What is drawn by chance, and differs in a page that is otherwise the same."""


class PageClient(FlaskClient):
    """A test client that lets no faulty page pass, whatever a test asks of it."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        headers = dict(kwargs.pop("headers", None) or {})
        headers.setdefault("Accept", "text/html")
        answer = super().open(*args, headers=headers, **kwargs)
        if answer.mimetype == "text/html" and answer.get_data():
            faults = page_faults(answer)
            assert not faults, faults
        length = answer.headers.get("Content-Length")
        if length is not None and kwargs.get("method") != "HEAD":
            # A server cuts off what is longer; this client would show it whole.
            assert int(length) == len(answer.get_data()), answer.request.path
        return answer


def page_client(app: Flask) -> PageClient:
    """Return a client that looks at every page it is given."""
    return PageClient(app, app.response_class)


def page_faults(answer: TestResponse) -> list[str]:
    """Return what is wrong with an HTML answer, in words."""
    text = answer.get_data(as_text=True)
    return [*_headers(answer), *_weight(text), *_faults_of_the_same(numbered(text))]


def numbered(text: str) -> str:
    """Return a page with a number in the place of each thing that chance drew.

    The same stands in its place wherever it stood, so what was alike is alike, and no more.
    """
    known: dict[str, str] = {}
    return DRAWN.sub(lambda found: known.setdefault(found[0], f"drawn-{len(known)}"), text)


@lru_cache(maxsize=4_096)
def _faults_of_the_same(text: str) -> tuple[str, ...]:
    """Return what is wrong with a page, once for the many tests that walk past the same."""
    return tuple(markup_faults(text))


def markup_faults(text: str) -> list[str]:
    """Return what is wrong with the HTML of a whole page."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root: Element = parser.parse(text)
    found = [f"parse error {code} at {place}" for place, code, _ in parser.errors]
    for check in (
        _headings,
        _ids,
        _inline,
        _forms,
        _elsewhere,
        _words_of_controls,
        _codes,
        _kept_when_hidden,
    ):
        found += check(root)
    return found


def _headers(answer: TestResponse) -> Iterator[str]:
    for name, value in HEADERS.items():
        if answer.headers.get(name) != value:
            yield f"header {name} is {answer.headers.get(name)}"
    policy = answer.headers.get("Content-Security-Policy", "")
    yield from (f"policy without {one}" for one in POLICY if one not in policy)
    if "unsafe" in policy:
        yield "policy allows something unsafe"


def _weight(text: str) -> Iterator[str]:
    most = LONGEST_REVIEW if "<h1" in text and "Review PRV-" in text else LONGEST
    if len(text.encode()) > most:
        yield f"{len(text.encode())} bytes"


def text_of(element: Element) -> str:
    """Return the words in an element, with single spaces."""
    return " ".join("".join(element.itertext()).split())


def _headings(root: Element) -> Iterator[str]:
    titles = [text_of(one) for one in root.iter("title")]
    headings = [text_of(one) for one in root.iter("h1")]
    if len(headings) != 1 or len(titles) != 1:
        yield f"{len(headings)} h1, {len(titles)} titles"
        return
    about = titles[0].removeprefix("Error: ").rpartition(" - ")[0]
    if about != headings[0]:
        yield f"the title says {about!r}, the heading {headings[0]!r}"
    has_summary = any("govuk-error-summary" in one.get("class", "") for one in root.iter("div"))
    if has_summary != titles[0].startswith("Error: "):
        yield "error summary and title do not agree"


def _ids(root: Element) -> Iterator[str]:
    ids = Counter(one.attrib["id"] for one in root.iter() if "id" in one.attrib)
    yield from (f"id {name} stands {count} times" for name, count in ids.items() if count > 1)
    for element in root.iter():
        for attribute in IDREFS:
            for name in element.get(attribute, "").split():
                if name not in ids:
                    yield f"{attribute}={name} leads nowhere"
        address = element.get("href", "")
        if address.startswith("#") and address[1:] not in ids:
            yield f"href={address} leads nowhere"


def _inline(root: Element) -> Iterator[str]:
    for element in root.iter():
        if element.tag == "style" or "style" in element.attrib:
            yield f"style inside <{element.tag}>"
        if element.tag == "script" and (element.text or "").strip():
            yield "a script inside the page"
        yield from (f"{name} on <{element.tag}>" for name in element.attrib if name[:2] == "on")


def _forms(root: Element) -> Iterator[str]:
    for form in root.iter("form"):
        hidden = {one.get("name"): one.get("value", "") for one in form.iter("input")}
        if form.get("method", "get") != "post":
            continue
        if not hidden.get("_csrf"):
            yield "a form without its token"
        if "novalidate" not in form.attrib:
            yield "a form that the browser checks"
        if not form.get("action", "/").startswith("/"):
            yield "a form that leads elsewhere"


def _elsewhere(root: Element) -> Iterator[str]:
    for element in root.iter():
        for attribute in ("src", "href", "action", "formaction", "srcset", "data"):
            if ELSEWHERE.match(element.get(attribute, "")):
                yield f"{attribute} of <{element.tag}> leads to another site"


def _words_of_controls(root: Element) -> Iterator[str]:
    labelled = {one.get("for") for one in root.iter("label")}
    for element in root.iter():
        kind = element.get("type", "text")
        is_field = element.tag in {"textarea", "select"} or (
            element.tag == "input" and kind not in {"hidden", "submit"}
        )
        if is_field and element.get("id") not in labelled and "aria-label" not in element.attrib:
            yield f"a field without a label: {element.get('name')}"
        if element.tag in {"a", "button", "label"} and "class=" in text_of(element):
            yield f"markup shown as words: {text_of(element)}"
        if element.tag in {"a", "button"} and not text_of(element):
            yield f"a <{element.tag}> without words"


def _kept_when_hidden(root: Element) -> Iterator[str]:
    """Yield the words that would be lost if somebody hid their screen while they type them."""
    buttons = [one for one in root.iter("button") if one.get("id") == "hide-my-screen"]
    for form in root.iter("form") if buttons else ():
        typed = {one.get("name", "") for one in form.iter() if _is_typed(one)}
        if typed and form.get("method") == "post" and buttons[0].get("form") != form.get("id"):
            yield f"hiding the screen loses {', '.join(sorted(typed))}"


def _is_typed(element: Element) -> bool:
    """Say whether words are typed into an element; a code or a password is kept nowhere."""
    if element.get("name") in {"code", "secret"}:
        return False
    kind = element.get("type", "text")
    return element.tag == "textarea" or (element.tag == "input" and kind in TYPED)


def _codes(root: Element) -> Iterator[str]:
    """Yield the codes that stand where people read: not what is shown byte for byte, or typed."""
    said = " ".join(text for main in root.iter("main") for text in _read(main))
    # What the lines of a file may say is typed there.
    said = re.sub(r"must be (?:one )?of: [^.]*", "", said)
    yield from (f"a code: {one}" for one in codes_in(said))


def _read(element: Element) -> Iterator[str]:
    if element.tag in {"pre", "code", "script", "textarea"} or "data-identifier" in element.attrib:
        return
    yield element.text or ""
    for child in element:
        yield from _read(child)
        yield child.tail or ""
