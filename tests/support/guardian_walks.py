"""What a Guardian does in a window: every state of their pages, from the queue to the record."""

from browser_walks import Look, sign_in
from browsers import Window
from playwright.sync_api import Locator
from referrals import WEIGHED
from visits import Visit

from broker.domain.references import Reference

REASON = "The harm to others is near, and less would not stop it."


def tick(field: Locator) -> None:
    field.check(force=True)


def choose(window: Window, name: str, value: str) -> None:
    tick(window.page.locator(f'#page [name="{name}"][value="{value}"]'))


def decides_with_fewer_fields(
    window: Window, visit: Visit, reference: Reference, left_out: str, look: Look
) -> None:
    """Sign in, say that they have no part in it, read it, and let it go without a field."""
    sign_in(window, visit)
    look(window, "reviews")
    window.page.get_by_role("link", name=str(reference)).first.click()
    look(window, "review-relation")
    window.go_on()
    look(window, "review-relation-error")
    choose(window, "relation", "independent")
    window.go_on()
    look(window, "review")
    window.page.get_by_role("link", name="See the document as its recipient would see it").click()
    look(window, "review-document")
    window.page.go_back()
    window.page.get_by_role("button", name="Decide").first.click()
    look(window, "review-decide")
    choose(window, "verdict", "approve-reduced")
    window.go_on()
    look(window, "review-leave-out")
    choose(window, "fields", left_out)
    window.go_on()
    look(window, "review-public-interest")
    window.go_on()
    look(window, "review-public-interest-error")
    for part, words in WEIGHED.items():
        window.page.locator(f'#page [name="{part}"]').fill(words)
    window.go_on()
    look(window, "review-reasons")
    window.page.locator("#reason").fill(REASON)
    choose(window, "principles", "3")
    window.go_on()
    look(window, "review-final")
    window.go_on()
    look(window, "review-decided")
