"""After an answer by page: where it stands, its words read out, what is owed called done."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from flask import Blueprint, Response, request

from broker.domain.json_values import as_array, as_object, text
from broker.domain.obligations import CONFIRM_RECEIPT
from broker.domain.portal.asking import Refused, Wanted
from broker.domain.portal.errors import AskRefusedError
from broker.domain.times import uk_day, written_day
from broker.web.forms.problems import Problem
from broker.web.portal.here import Here, with_reader
from broker.web.portal.shown import document_page
from broker.web.portal.site import keep_visit

answered = Blueprint("answered", __name__)

_AGAIN: Final = "Enter why it is read out once more"
_REFUSED: Final[Mapping[Refused, str]] = {
    Refused.DOCUMENT_FIRST: "Save the document first. It says whom they ask about",
    Refused.NO_MORE: "No more is taken here. Ring whoever asked",
}


@answered.post("/portal/<token>/answer/words")
@with_reader
def words(here: Here) -> Response:
    """Show what opens the answer, to be read out on the telephone; recorded before."""
    why = request.form.get("why", "").strip()
    try:
        said = here.ask(Wanted.WORDS, json.dumps({"why": why}))
    except AskRefusedError as error:
        return refused(here, error)
    if "ring" in said:
        return here.show("answer_words.html", title="Read it out", said=said)
    message = text(said["problem"]) if "problem" in said else _AGAIN
    return asked_why(here, why, (Problem(field="why", message=message),))


@answered.post("/portal/<token>/answer/owed")
@with_reader
def owed(here: Here) -> Response:
    """Say of something owed for an answer that it is done, or cannot be; where it stands then."""
    typed = {
        "duty": request.form.get("duty", ""),
        "how": request.form.get("_action", ""),
        "said": request.form.get("said", "").replace("\r\n", "\n"),
    }
    try:
        said = here.ask(Wanted.OWED, json.dumps(typed))
    except AskRefusedError as error:
        return refused(here, error)
    return standing(here, said, typed)


def asked_why(here: Here, why: str, problems: Sequence[Problem] = ()) -> Response:
    """Ask why it is read out once more."""
    return here.show(
        "answer_again.html", title="Read it out once more", why=why, problems=problems
    )


def standing(
    here: Here, said: Mapping[str, object], typed: Mapping[str, str] | None = None
) -> Response:
    """Show where an answer stands; what was typed of a duty and not taken stands in its box."""
    title = "Answered" if said.get("answer") is not None else "Nothing is asked here now"
    before, problem = typed or {}, text(said.get("problem", ""))
    owed = [_owed(as_object(one), before) for one in as_array(said["owed"])]
    field = next((one["id"] for one in owed if one["duty"] == before.get("duty")), "main-content")
    return here.show(
        "answer_stands.html",
        title=title,
        said={**said, "owed": owed},
        until=uk_day(here.page.expires_at),
        problems=[Problem(field=str(field), message=problem)] if problem else [],
    )


def _owed(one: Mapping[str, object], typed: Mapping[str, str]) -> dict[str, object]:
    duty = text(one["duty"])
    return {
        "duty": duty,
        "id": f"said-{duty}",
        "say": text(one["say"]),
        "due_on": written_day(text(one["due_on"] or "")),
        "said": typed.get("said", "") if typed.get("duty") == duty else "",
        "is_call": duty == CONFIRM_RECEIPT,
    }


def refused(here: Here, error: AskRefusedError) -> Response:
    """Show the document again, and why the gateway does not do what was asked."""
    message = _REFUSED.get(error.refused, "That cannot be done here. Ring whoever asked")
    problems = [Problem(field="answer", message=message)]
    response = document_page(here.page, problems, visit=here.visit)
    keep_visit(response, here.page, here.visit)
    return response
