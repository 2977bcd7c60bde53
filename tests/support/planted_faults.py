"""Faults that are planted into a page, each of which a check must name."""

from collections.abc import Callable
from dataclasses import dataclass

from browsers import axe_finds, narrow_faults, own_faults
from markup import markup_faults
from playwright.sync_api import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A fault: the script that plants it, and the words by which a check must name it.

    `rule` is axe's name where axe finds it; else `found` looks for it.
    """

    name: str
    script: str
    rule: str = ""
    words: str = ""
    found: Callable[[Page], list[str]] = own_faults

    def is_found(self, page: Page) -> bool:
        """Say whether the check names it on a page into which it was planted."""
        page.evaluate(f"() => {{ {_HELP} {self.script} }}")
        if self.rule:
            return axe_finds(page, self.rule)
        return any(self.words in fault for fault in self.found(page))


def _in_markup(page: Page) -> list[str]:
    return markup_faults(page.content())


_HELP = """
const main = document.querySelector("main");
const field = document.querySelector("#address");
const add = (tag, text = "", put = {}) => {
  const one = document.createElement(tag);
  one.textContent = text;
  for (const [key, value] of Object.entries(put)) one.setAttribute(key, value);
  main.append(one);
  return one;
};
const css = (text) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
};
"""

BY_AXE = (
    Planted(
        name="a picture without words",
        rule="image-alt",
        script="add('img', '', {src: '/assets/images/icon.svg'})",
    ),
    Planted(name="a field without a label", rule="label", script="add('input')"),
    Planted(
        name="a list to choose from without a label", rule="select-name", script="add('select')"
    ),
    Planted(
        name="pale words",
        rule="color-contrast",
        script="add('p', 'Pale words').style.color = '#bbbbbb'",
    ),
    Planted(
        name="a page without a language",
        rule="html-has-lang",
        script="document.documentElement.removeAttribute('lang')",
    ),
    Planted(
        name="a language that is none",
        rule="html-lang-valid",
        script="document.documentElement.lang = 'english'",
    ),
    Planted(name="a page without a title", rule="document-title", script="document.title = ''"),
    Planted(name="a link without words", rule="link-name", script="add('a', '', {href: '/help'})"),
    Planted(name="a button without words", rule="button-name", script="add('button')"),
    Planted(name="a heading that skips levels", rule="heading-order", script="add('h5', 'Deep')"),
    Planted(
        name="a page without a heading",
        rule="page-has-heading-one",
        script="document.querySelector('h1').remove()",
    ),
    Planted(
        name="words outside every part of the page",
        rule="region",
        script="document.body.append(add('p', 'Lost'))",
    ),
    Planted(
        name="a list with something else in it",
        rule="list",
        script="add('ul').append(add('div', 'x'))",
    ),
    Planted(
        name="an attribute that says nothing",
        rule="aria-valid-attr",
        script="add('p', 'x', {'aria-labeled': 'y'})",
    ),
    Planted(
        name="a role that is none", rule="aria-roles", script="add('div', 'x', {role: 'knob'})"
    ),
    Planted(
        name="something hidden that is focused",
        rule="aria-hidden-focus",
        script="add('div', '', {'aria-hidden': 'true'}).append(add('a', 'x', {href: '/help'}))",
    ),
    Planted(
        name="a button inside a button",
        rule="nested-interactive",
        script=(
            "add('div', '', {role: 'button', tabindex: '0'}).append(add('a', 'x', {href: "
            "'/help'}))"
        ),
    ),
    Planted(
        name="a page that cannot be made larger",
        rule="meta-viewport",
        script="document.querySelector('meta[name=viewport]').content = 'user-scalable=no'",
    ),
    Planted(
        name="a purpose that browsers do not know",
        rule="autocomplete-valid",
        script="field.autocomplete = 'nonsense'",
    ),
    Planted(name="words that move", rule="marquee", script="add('marquee', 'x')"),
)
"""Which axe must find."""

BY_OWN_CHECKS = (
    Planted(
        name="a focus that does not show",
        words="focus does not show",
        script=(
            "css('*:focus, *:focus-visible { outline: none !important; box-shadow: none "
            "!important; background: none !important; border-color: #000 !important; "
            "text-decoration: none !important } * { text-decoration: none !important; "
            "border-color: #000 !important; background: none !important; box-shadow: none "
            "!important }')"
        ),
    ),
    Planted(
        name="a pale focus",
        words="focus does not stand out",
        script=(
            "css('a:focus, a:focus-visible { outline: 2px solid #dddddd !important; "
            "box-shadow: none !important; background: none !important; border-width: 0 "
            "!important }')"
        ),
    ),
    Planted(
        name="a focus that is covered",
        words="focus is covered",
        script=(
            "add('div', 'Cookies?').style.cssText = "
            "'position:fixed;inset:0;background:#fff;z-index:9'"
        ),
    ),
    Planted(
        name="a small target",
        words="target of",
        script=(
            "add('button', 'x').style.cssText = 'width:12px;height:12px;padding:0;display:block'"
        ),
    ),
    Planted(
        name="a page that scrolls sideways",
        words="scrolls sideways",
        script="add('div', 'wide').style.width = '3000px'",
    ),
    Planted(
        name="a table wider than its box",
        words="wider than its box",
        script=(
            "const row = add('table'); const cell = document.createElement('td'); "
            "cell.style.minWidth = '3000px'; row.append(cell); row.style.cssText = "
            "'display:block;width:3000px'; const box = add('div'); box.style.cssText = "
            "'overflow:auto'; box.append(row)"
        ),
    ),
    Planted(
        name="words cut off where text is wider",
        words="words are cut off",
        script=(
            "const one = add('p', 'Words that need two lines when their letters stand "
            "farther apart from each other, as some readers set them'); one.style.cssText "
            "= 'height:1.2em;overflow:hidden;width:40em'"
        ),
    ),
    Planted(
        name="a tab order of its own", words="a tab order of its own", script="field.tabIndex = 5"
    ),
    Planted(
        name="an order that differs from what is seen",
        words="comes after what is read later",
        script=(
            "const box = add('div'); box.style.cssText = "
            "'display:flex;flex-direction:row-reverse;justify-content:flex-end'; for "
            "(const word of ['first', 'second']) { box.append(add('button', word)) }"
        ),
    ),
    Planted(
        name="an order upside down",
        words="comes after what is read later",
        script=(
            "const box = add('div'); box.style.cssText = "
            "'display:flex;flex-direction:column-reverse'; for (const word of ['first', "
            "'second']) { box.append(add('button', word)) }"
        ),
    ),
    Planted(
        name="a field that refuses what is pasted",
        words="nothing can be pasted",
        script="field.addEventListener('paste', (event) => event.preventDefault())",
    ),
    Planted(
        name="help in another place",
        words="help is not in its place",
        script=(
            "document.querySelector('footer ul').prepend(document.querySelector('footer "
            'a[href="/cookies"]\').parentElement)'
        ),
    ),
    Planted(
        name="no way to 999",
        words="help is not in its place",
        script="document.querySelector('header a[href=\"/now\"]').remove()",
    ),
    Planted(
        name="something that cannot be focused",
        words="cannot be focused",
        script=(
            "add('a', 'x', {href: '/help'}).addEventListener('focus', (event) => "
            "event.target.blur())"
        ),
    ),
    Planted(
        name="a part that does not fit 320 px",
        words="sideways at 320 px",
        found=narrow_faults,
        script="add('div', 'x').style.width = '600px'",
    ),
    Planted(
        name="a style inside the page",
        words="style inside",
        found=_in_markup,
        script="add('p', 'x', {style: 'color:red'})",
    ),
    Planted(
        name="a form without its token",
        words="a form without its token",
        found=_in_markup,
        script="add('form', '', {method: 'post', novalidate: ''})",
    ),
    Planted(
        name="a title that is not the heading",
        words="the title says",
        found=_in_markup,
        script="document.title = 'Alex Fictitious - Disclosure broker'",
    ),
    Planted(
        name="two things of one name",
        words="stands 2 times",
        found=_in_markup,
        script="add('p', 'x', {id: 'address'})",
    ),
    Planted(
        name="something loaded from elsewhere",
        words="leads to another site",
        found=_in_markup,
        script="add('a', 'x', {href: 'https://other.example/'})",
    ),
)
"""Which our own checks must find."""
