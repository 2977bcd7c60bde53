"""What somebody sent when they were signed out already, to look at and send again."""

from flask import Blueprint, Response

from broker.web import access
from broker.web.site import current_site, see_other
from broker.web.views.answers import show
from broker.web.visitors import TYPED_PAGE, own_first_link, visitor

typed = Blueprint("typed", __name__)


@typed.get(TYPED_PAGE)
@access.signed_in
def typed_page() -> Response:
    """Show what waits for whoever is signed in, and nothing of anybody else's."""
    site, caller = current_site(), visitor().caller
    if caller is None:
        return see_other(f"/role?to={TYPED_PAGE}")
    form = site.late.of(caller.id, site.services.clock())
    first = own_first_link()
    return show(
        "account/typed.html", title="What you typed", form=form, first=first, back=first.href
    )
