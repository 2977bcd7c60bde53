"""A form that was filled in on paper is brought in, confirmed box by box, and printed again."""

import io

from brokers import Clock
from visits import Visit, signed_in
from word_packages import a_docx, paragraph, table

from broker.wiring import Services

ROWS = (("Subject's full name", "Tam Specimen"), ("Full address", "1 Example Road, Northshire"))


def test_a_form_is_brought_in_confirmed_and_printed(sqlite_broker: Services, clock: Clock) -> None:
    visit: Visit = signed_in(sqlite_broker, clock)
    content = a_docx(table(*(tuple(map(paragraph, row)) for row in ROWS)))

    visit.get("/referrals/from-paper")
    nothing = visit.send("/referrals/from-paper")
    other = visit.send(
        "/referrals/from-paper", form="vtr", file=(io.BytesIO(b"Nothing of it."), "form.txt")
    )
    sent = visit.send("/referrals/from-paper", form="vtr", file=(io.BytesIO(content), "form.docx"))

    assert (nothing.status_code, other.status_code, sent.status_code) == (422, 422, 303)
    assert "holds no box" in other.text
    address = sent.headers["Location"]
    base = address.rpartition("/")[0]
    listed = visit.get(address).text
    assert "Tam Specimen" in listed
    assert f'href="{base}/who"' in listed
    unconfirmed = visit.get(f"{base}/printed/vtr").text
    assert "Tam Specimen" not in unconfirmed
    page = visit.get(f"{base}/who").text
    assert 'value="Tam Specimen"' in page
    version = page.partition('name="_version" value="')[2].partition('"')[0]
    kept = visit.send(
        f"{base}/who", name="Tam Specimen", gender="", _version=version, _action="continue"
    )
    assert kept.status_code == 303
    assert "Confirmed" in visit.get(address).text
    printed = visit.get(f"{base}/printed/vtr").text
    assert "Tam Specimen" in printed
    assert "name (alias, maiden)" in printed
    assert visit.get(f"{base}/printed/other").status_code == 404
    assert "What your form says" in visit.get(base).text
