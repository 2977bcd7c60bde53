"""What looks at every page finds each fault that is planted."""

import pytest
from markup import markup_faults, numbered

WHOLE = (
    "<!doctype html><html lang=en-GB><head><title>One - Service</title></head>"
    "<body><main><h1>One</h1>{}</main></body></html>"
)


def test_a_whole_page_has_no_fault() -> None:
    assert markup_faults(WHOLE.format("<p>Text</p>")) == []


@pytest.mark.parametrize(
    "planted",
    [
        pytest.param("<h1>Two</h1>", id="two headings"),
        pytest.param("<p id=a></p><p id=a></p>", id="one id twice"),
        pytest.param('<p aria-describedby="gone"></p>', id="a description that is not there"),
        pytest.param('<a href="#gone">x</a>', id="a link into nothing"),
        pytest.param('<label for="gone">x</label>', id="a label of nothing"),
        pytest.param('<p style="color:red">x</p>', id="an inline style"),
        pytest.param("<style>p{}</style>", id="a style element"),
        pytest.param("<script>x()</script>", id="an inline script"),
        pytest.param('<p onclick="x()">x</p>', id="an inline handler"),
        pytest.param('<form method="post" novalidate></form>', id="a form without a token"),
        pytest.param(
            '<form method="post"><input type="hidden" name="_csrf" value="x"></form>',
            id="a form that the browser checks",
        ),
        pytest.param(
            '<form method="post" novalidate action="https://x.invalid/">'
            '<input type="hidden" name="_csrf" value="x"></form>',
            id="a form that leads elsewhere",
        ),
        pytest.param('<img src="//x.invalid/a.png" alt="">', id="a picture from elsewhere"),
        pytest.param('<input name="a">', id="a field without a label"),
        pytest.param('<a href="/x"></a>', id="a link without words"),
        pytest.param("<button></button>", id="a button without words"),
        pytest.param(
            "<button>Done&lt;span class=&quot;x&quot;&gt;: it&lt;/span&gt;</button>",
            id="a button whose words are markup",
        ),
        pytest.param("<p><div></div></p>", id="markup that does not nest"),
        pytest.param("<b><i></b></i>", id="markup that crosses"),
        pytest.param('<div class="govuk-error-summary"></div>', id="errors the title hides"),
    ],
)
def test_a_planted_fault_is_found(planted: str) -> None:
    assert markup_faults(WHOLE.format(planted)) != []


def test_a_title_that_says_something_else_is_found() -> None:
    assert markup_faults(WHOLE.format("").replace("<h1>One", "<h1>Zzcanary")) != []


def test_what_chance_drew_is_numbered_and_what_was_alike_stays_alike() -> None:
    page = '<p id="PRV-7Q4K-M2XH"><a href="#PRV-7Q4K-M2XH"><input name="_csrf" value="{}">{}'

    one, other = numbered(page.format("a", "PRV-7Q4K-M2XJ")), numbered(page.format("b", "x" * 9))

    assert one.count("drawn-0") == 2
    assert (one.count("drawn-1"), one.count("drawn-2")) == (1, 1)
    assert numbered(page.format("", "")) != numbered(page.format("a", ""))
    assert other == numbered(page.format("c", "x" * 9))
