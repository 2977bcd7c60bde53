"""Signing in with a passkey, and showing with one that it is still you."""

from flask import Blueprint, Response, request

from broker.access.passkeys import Passkeys
from broker.domain.people.errors import SignInRefusedError
from broker.web import access
from broker.web.forms.problems import Problem
from broker.web.site import current_site, see_other
from broker.web.views.account.asking import Answer, Asking, problem
from broker.web.views.failures import count_failure
from broker.web.views.sign_in import go_on
from broker.web.visitors import address_after, visitor, with_session

used = Blueprint("passkeys_used", __name__)

_SIGN_IN = Asking(
    title="Sign in with a passkey",
    use="get",
    action="/sign-in/passkey",
    button="Use my passkey",
    instead="/sign-in",
    instead_words="Use your password and a code instead",
)
_STEP_UP = Asking(
    title="Show that it is you",
    use="get",
    action="/code/passkey",
    button="Use my passkey",
    instead="/code",
    instead_words="Use a code from your app instead",
)


@used.get("/sign-in/passkey")
@access.public
def sign_in_page() -> Response:
    """Ask any device for a passkey of this broker."""
    return _sign_in_page(to=request.args.get("to", ""))


@used.post("/sign-in/passkey")
@access.public
def sign_in() -> Response:
    """Let somebody in whose device signed; whatever was wrong is told alike."""
    to = request.form.get("to", "")
    try:
        answer = Answer.sent()
        token = _passkeys().sign_in(answer.name, answer.said)
    except SignInRefusedError:
        count_failure()
        return _sign_in_page(to=to, problems=(problem(),))
    return go_on(token, to)


@used.get("/code/passkey")
@access.signed_in
def step_up_page() -> Response:
    """Ask a device of whoever is signed in, before an action that needs it."""
    return _step_up_page(to=request.args.get("to", ""))


@used.post("/code/passkey")
@access.signed_in
def step_up() -> Response:
    """Let the next action go that needs somebody to show that it is them."""
    to = request.form.get("to", "")
    try:
        answer = Answer.sent()
        token = _passkeys().step_up(visitor().token, answer.name, answer.said)
    except SignInRefusedError:
        count_failure()
        return _step_up_page(to=to, problems=(problem(),))
    return with_session(see_other(address_after(to)), token)


def _sign_in_page(*, to: str, problems: tuple[Problem, ...] = ()) -> Response:
    return _SIGN_IN.page(_passkeys().ask_to_sign_in(), to=to, problems=problems)


def _step_up_page(*, to: str, problems: tuple[Problem, ...] = ()) -> Response:
    return _STEP_UP.page(_passkeys().ask_to_step_up(visitor().token), to=to, problems=problems)


def _passkeys() -> Passkeys:
    return current_site().services.access.passkeys
