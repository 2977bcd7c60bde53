"""Words typed on a page that saves nothing wait for an hour, whichever form of it they are in."""

import pytest
from markup import markup_faults

PAGE = """<!doctype html><html lang="en"><head><title>Words - Broker</title></head><body>
<form method="post" action="/hide" novalidate><input type="hidden" name="_csrf" value="t">
<button id="hide-my-screen" {hides}>Hide my screen</button></form><h1>Words</h1>
<form method="post" novalidate id="typed"><input type="hidden" name="_csrf" value="t">
<label for="w">Why</label>{field}</form></body></html>"""
WHY = '<textarea id="w" name="why"></textarea>'


@pytest.mark.parametrize("field", [WHY, '<input id="w" name="why">'])
def test_a_page_on_which_hiding_loses_words_is_found(field: str) -> None:
    lost = PAGE.format(hides="", field=field)
    kept = PAGE.format(hides='form="typed"', field=field)

    assert markup_faults(lost) == ["hiding the screen loses why"]
    assert markup_faults(kept) == []
    assert markup_faults(PAGE.format(hides="", field='<input id="w" name="code">')) == []
