"""Another password for one's own account."""

from collections.abc import Iterator

from flask import Blueprint, Response, request

from broker.domain.people.errors import SignInRefusedError, WeakPasswordError
from broker.web import access
from broker.web.forms.problems import Problem
from broker.web.site import current_site
from broker.web.views.answers import show
from broker.web.views.failures import count_failure
from broker.web.views.sign_in import go_on
from broker.web.views.step_up import code_first, spend_code
from broker.web.visitors import visitor

password = Blueprint("password", __name__)

_HOME = "/account"
_WRONG = "That is not your password. Enter the one that you sign in with now"


@password.get("/account/password")
@access.signed_in
def password_page() -> Response:
    """Ask for the old password and a new one, after a code of this moment."""
    return code_first() or _page()


@password.post("/account/password")
@access.signed_in
def change() -> Response:
    """Give the account another password; every other session of its owner ends."""
    old, new = request.form.get("old", ""), request.form.get("password", "")
    if problems := [*_faults(old, new, request.form.get("again", ""))]:
        return _page(problems)
    # Whoever found a session open guesses the old one no faster than an app shows codes.
    if (to_code := spend_code()) is not None:
        return to_code
    try:
        token = current_site().services.access.accounts.change_password(visitor().token, old, new)
    except WeakPasswordError as error:
        return _page([Problem(field="password", message=str(error))])
    except SignInRefusedError:
        count_failure()
        return _page([Problem(field="old", message=_WRONG)])
    return go_on(token, "/account/password/changed")


@password.get("/account/password/changed")
@access.signed_in
def changed_page() -> Response:
    """Say that the new password counts."""
    return show("account/password_changed.html", title="Your password is changed", back=_HOME)


def _faults(old: str, new: str, again: str) -> Iterator[Problem]:
    if not old:
        yield Problem(field="old", message="Enter your current password")
    if not new:
        yield Problem(field="password", message="Enter a new password")
    elif new != again:
        yield Problem(field="again", message="Enter the same new password twice")


def _page(problems: list[Problem] | None = None) -> Response:
    return show(
        "account/password.html", title="Change your password", back=_HOME, problems=problems or []
    )
