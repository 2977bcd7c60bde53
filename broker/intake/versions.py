"""Documents of version 1, which no release judges any more: refused, with what is new."""

from collections.abc import Mapping

from broker.domain.errors import FaultyDocumentError

_NEW: Mapping[str, tuple[str, str]] = {
    "pack": (
        "referral-pack",
        (
            "Version 2 also asks questions.check, questions.duty, questions.victim_request, "
            "questions.concern.harm_to_person and questions.subject.own_answer_to_support; its "
            "form has individual.approximate_age, and an attachment may say original"
        ),
    ),
    "directory": (
        "directory",
        (
            "Version 2 also says of each agency sharing_duty_body, check, check_purposes, "
            "completes, pathway and guardian_body, and of each mailbox its function"
        ),
    ),
}


def refuse_version_1(document: Mapping[str, object], kind: str) -> None:
    """Return for any other document; raise `FaultyDocumentError` for one of version 1.

    `kind` is `pack` or `directory`, the name that says which document it is.
    """
    name, new = _NEW[kind]
    if document.get(kind) == f"{name}/1":
        problem = f"is {name}/1, which is not taken any more; write {name}/2. {new}"
        raise FaultyDocumentError.at(kind, problem)
