"""On which way something leaves, by the facts that it was judged on: the first rule that fits."""

import pytest

from broker.delivery.ways_out import Way, page_form, way_out
from broker.domain.portal.pages import PageForm


@pytest.mark.parametrize(
    ("sender", "mail", "accepts", "way", "form"),
    [
        ("secure", "secure", "yes", Way.VERIFIED_MAIL, None),
        ("secure", "secure", "unknown", Way.VERIFIED_MAIL, None),
        ("secure", "secure", "no", Way.PORTAL, PageForm.OPEN),
        ("not-secure", "secure", "no", Way.PORTAL, PageForm.OPEN),
        ("secure", "seal", "no", Way.PORTAL, PageForm.OPEN),
        ("not-secure", "seal", "unknown", Way.PORTAL, PageForm.SEALED),
        ("not-secure", "seal", "yes", Way.SEALED_MAIL, None),
        ("not-secure", "secure", "yes", Way.SEALED_MAIL, None),
    ],
)
def test_the_way_and_what_a_page_gives_follow_the_facts(
    sender: str, mail: str, accepts: str, way: Way, form: PageForm | None
) -> None:
    facts = {"sender": {"mail": sender}, "recipient": {"mail": mail, "accepts_encrypted": accepts}}

    assert way_out(facts, "permit").way is way
    assert page_form(facts, "permit") is form
    assert way_out(facts, "permit").first is None
    assert "999" in str(way_out(facts, "emergency").first)
