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


def looks_back_at_an_emergency(window: Window, reference: Reference, look: Look) -> None:
    """Come from the list to an emergency, read it, and say that it was right."""
    window.open("/reviews")
    window.page.get_by_role("link", name=str(reference)).first.click()
    choose(window, "relation", "independent")
    window.go_on()
    look(window, "review-emergency")
    window.page.get_by_role("button", name="Look back at it").first.click()
    look(window, "review-look-back")
    choose(window, "opinion", "concur")
    window.page.locator("#reason").fill("Lives were at risk, and only the police could act.")
    window.page.locator("#learning").fill("The call and the pack went together. Keep it so.")
    choose(window, "principles", "7")
    window.go_on()
    look(window, "review-looked-back")


def reads_what_was_not_shared(window: Window, look: Look) -> None:
    """Read the refusals of the quarter, and of the one before."""
    window.open("/reviews")
    window.page.get_by_role("link", name="Not shared").click()
    look(window, "not-shared")
    window.page.get_by_role("link", name="The quarter before").click()
    look(window, "not-shared-before")


def asks_for_advice_and_hands_over(window: Window, reference: Reference, look: Look) -> None:
    """Ask the police lead with a name, then without, file what was told, and look at cover."""
    window.open(f"/reviews/{reference}")
    choose(window, "relation", "independent")
    window.go_on()
    window.page.get_by_role("button", name="Ask for advice").first.click()
    look(window, "review-advice")
    choose(window, "adviser", "police-lead")
    window.page.locator("#question").fill("How soon could you see somebody?")
    choose(window, "guess", "no")
    window.go_on()
    look(window, "advised")
    window.page.get_by_role("link", name="Police Prevent lead").first.click()
    look(window, "advised-question")
    window.page.locator("#answer").fill("Within a day of the referral.")
    window.go_on()
    look(window, "advised-answered")
    window.open("/reviews/cover")
    look(window, "cover")
