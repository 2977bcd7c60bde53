"""Somebody without an account in a browser, with the page of a question that was put to them."""

import re

from callers import a_caller
from flask.testing import FlaskClient
from markup import page_client
from partner_requests import OFFICER, a_request, put
from portal_walks import ON_A_PAGE
from portals import PORTAL_SECRET, token_of
from werkzeug.test import TestResponse

from broker.domain.partner_requests.copies import CopyName
from broker.web.csrf import token_for
from broker.web.portal.app import create_portal
from broker.web.portal.site import Portal
from broker.wiring import Services

_WHY = "Another function of theirs answers."
HOST = "portal.example.nhs.uk"
_HIDDEN = re.compile(r'name="(form|_page|_written|_held)" value="([^"]*)"')


class Reader:
    """Somebody of the school in a browser, with the page of a question."""

    def __init__(self, services: Services, portal: Portal, beside: "Reader | None" = None) -> None:
        """Put a question and come as its office; `beside` another, as the head teacher."""
        self.copy: CopyName = _asked(services) if beside is None else beside.copy
        with services.transaction() as tx:
            self.question = tx.copies.copy(self.copy).disclosure
        function = "Office" if beside is None else "Head teacher"
        pages = services.deliveries.pages
        self.code = pages.tell_code(self.question, OFFICER, function, _WHY).code
        self.token = token_of(services, self.question)
        self.base = f"/portal/{self.token}"
        self.meets(portal, PORTAL_SECRET)

    def meets(self, portal: Portal, secret: bytes) -> None:
        """Go on with a process of the portal, whose secret the forms belong to."""
        self.client: FlaskClient = page_client(create_portal(portal))
        self.client.environ_base["HTTP_HOST"] = HOST
        self.secret = secret

    def get(self, path: str) -> TestResponse:
        return self.client.get(f"{self.base}{path}", base_url=f"https://{HOST}")

    def post(self, path: str, **typed: object) -> TestResponse:
        csrf = token_for(f"{self.secret.hex()} {self.token}")
        return self.client.post(
            f"{self.base}{path}", base_url=f"https://{HOST}", data={"_csrf": csrf, **typed}
        )

    def comes_in(self) -> TestResponse:
        """Go from the mail's address to the document, and save it."""
        self.post("")
        self.post("/code", code=self.code)
        conditions = self.get("/conditions")
        self.post("/conditions", form=hidden(conditions)["form"], accepted="yes")
        shown = self.get("/document")
        self.post("/document", form=hidden(shown)["form"])
        return shown

    def go_on(self, page: TestResponse, **typed: object) -> TestResponse:
        return self.post("/answer/page", **{**hidden(page), "_action": "continue", **typed})

    def to_the_last_look(self, page: TestResponse) -> TestResponse:
        for _ in range(40):
            name = hidden(page).get("_page")
            if name is None:
                return page
            page = self.go_on(page, **ON_A_PAGE[name])
            assert "There is a problem" not in page.text, page.text
        raise AssertionError(page.text)


def _asked(services: Services) -> CopyName:
    officer = a_caller(services, OFFICER, OFFICER.role)
    # The walks answer about this child.
    told = put(officer, a_request("Tam Specimen")).get_json()
    services.dispatcher.dispatch()
    return CopyName.read(f"{told['reference']}.1")


def hidden(page: TestResponse) -> dict[str, str]:
    return dict(_HIDDEN.findall(page.text))
