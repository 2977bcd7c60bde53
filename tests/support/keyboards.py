"""Somebody at a page who has a keyboard and no mouse."""

from dataclasses import dataclass

from playwright.sync_api import Page
from walks import Typed

_MOST = 120
_IN_MAIN = "document.activeElement.closest('main') && document.activeElement.innerText.trim()"


@dataclass(frozen=True)
class Keys:
    """Somebody who has a keyboard and no mouse: each field is reached from where they are."""

    page: Page

    def fill_all(self, typed: Typed) -> None:
        """Fill in what is planned on a page."""
        for name, value in typed.items():
            for one in [value] if isinstance(value, str) else value:
                self.fill(name, one)

    def fill(self, name: str, value: str) -> None:
        """Type into a field, or pick one choice of it."""
        kind = self._to(f'[name="{name}"]:not([type="hidden"])')
        if kind == "checkbox":
            self._to(f'[name="{name}"][value="{value}"]')
            self.page.keyboard.press("Space")
        elif kind == "radio":
            # One radio of a group has the focus; arrows go on to the others, and pick them.
            self.page.keyboard.press("Space")
            for _ in range(_MOST):
                if self.page.evaluate("document.activeElement.value") == value:
                    return
                self.page.keyboard.press("ArrowDown")
            raise LookupError(f"{name}={value}")
        else:
            self.page.keyboard.press("ControlOrMeta+a")
            self.page.keyboard.insert_text(value)

    def press(self, words: str) -> None:
        """Press a button or follow a link of the page by its words."""
        for _ in range(_MOST):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(_IN_MAIN) == words:
                with self.page.expect_navigation():
                    self.page.keyboard.press("Enter")
                return
        raise LookupError(words)

    def _to(self, selector: str) -> str:
        """Go on by Tab until an element has the focus, and return of which type it is."""
        for _ in range(_MOST):
            if self.page.evaluate("(one) => document.activeElement.matches(one)", selector):
                return str(self.page.evaluate("document.activeElement.type"))
            self.page.keyboard.press("Tab")
        raise LookupError(selector)
