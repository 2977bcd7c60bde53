"""Pages that are made for each field and file that somebody adds, and for each changed wording."""

from collections.abc import Iterator

from broker.domain.form import FIELD_BY_ID, FORM, LIMITS, WHOLE_RECORD, label_of
from broker.domain.form import Kind as FormKind
from broker.web.journeys.conditions import takes_originals
from broker.web.journeys.shapes import (
    REASON_LIMIT,
    Kind,
    Option,
    Page,
    Question,
    Section,
    always,
    never,
)


def one_field(field: str, *, needs_reason: bool, ever_goes: bool, for_the_guardian: bool) -> Page:
    """Return the page that asks for one field of the form, and why where it needs a reason.

    `ever_goes` is false where it stays for this purpose whatever is written; `for_the_guardian` is
    true where a reason makes it wait for the Guardian.
    """
    known = FIELD_BY_ID[field]
    label = known.label
    kind = Kind(known.kind.value)
    why = Question(
        id="why",
        kind=Kind.TEXT,
        label="Why do they need this?",
        hint=_about_a_reason(ever_goes=ever_goes, for_the_guardian=for_the_guardian),
        facts=("reasons_for_extra_fields",),
        limit=REASON_LIMIT,
    )
    return Page(
        id=f"field/{field}",
        title=label,
        section=Section.SHARE,
        questions=(
            Question(
                id="text",
                kind=kind,
                must=always,
                missing=f"Enter {_inside_a_sentence(label)}, or go back and untick it",
                limit=LIMITS[known.kind],
            ),
            *((why,) if needs_reason else ()),
        ),
    )


def one_file(number: int) -> Page:
    """Return the page that asks for one file, counted from 1."""
    return Page(
        id=f"file/{number}",
        title="Add a file",
        section=Section.SHARE,
        questions=(
            Question(
                id="file",
                kind=Kind.FILE,
                label="The file",
                hint="A PDF, DOCX, JPEG, PNG or TXT smaller than 10 MB",
                facts=("attachments",),
                must=always,
                missing="Select a file",
            ),
            Question(
                id="carries",
                kind=Kind.CHECKBOXES,
                label="What is in it?",
                options=(
                    *_by_section(),
                    Option(
                        code=WHOLE_RECORD,
                        label=label_of(WHOLE_RECORD),
                        hint="never goes",
                        heading="Or",
                    ),
                ),
                facts=("attachments", "fields"),
                must=always,
                missing="Select what is in it",
            ),
            Question(
                id="why",
                kind=Kind.TEXT,
                label="Why does it go along?",
                facts=("attachments",),
                must=always,
                missing="Enter why it goes along",
                limit=REASON_LIMIT,
            ),
            Question(
                id="original",
                kind=Kind.CHECKBOXES,
                label="The file itself",
                hint="What goes is made from your file: its pages, its text, or the picture "
                "without what lies behind it. The file itself may say more than you see. It goes "
                "only if nothing in it is more closely protected, such as health or faith.",
                options=(Option(code="yes", label="They need the file itself as well"),),
                facts=("attachments",),
                when=takes_originals,
            ),
            Question(
                id="another",
                kind=Kind.CHECKBOXES,
                label="And then",
                options=(Option(code="another", label="Add another file"),),
            ),
        ),
    )


def _by_section() -> Iterator[Option]:
    """Yield an option for each field of the form, the first of a section below its title."""
    above = ""
    for field in FORM:
        heading = "" if field.section == above else field.section
        yield Option(code=field.id, label=field.label, heading=heading)
        above = field.section


def wording(field: str, composed: str) -> Page:
    """Return the page that changes a text which we composed; emptied, it does not go."""
    known = FIELD_BY_ID[field]
    kind = Kind.LINE if known.kind is FormKind.LINE else Kind.TEXT
    return Page(
        id=f"wording/{field}",
        title=known.label,
        section=Section.SHARE,
        lead_in="We put this together from your answers. Your answers stay as they are.",
        questions=(
            Question(
                id="text",
                kind=kind,
                label="The wording",
                hint="Leave it empty and it is not sent.",
                must=never,
                limit=LIMITS[known.kind],
                prefilled=composed,
            ),
        ),
        on_the_way=False,
        after="check",
    )


def _inside_a_sentence(label: str) -> str:
    """Return a label as it stands within a sentence; abbreviations keep their capitals."""
    first, _, rest = label.partition(" ")
    keeps = first[1:] != first[1:].lower() or first in {"Channel", "Prevent"}
    return label if keeps else " ".join(filter(None, (first.lower(), rest)))


def _about_a_reason(*, ever_goes: bool, for_the_guardian: bool) -> str:
    if not ever_goes:
        return "They do not get this. It stays with you."
    if for_the_guardian:
        return "Leave it empty and this stays with you. With a reason, your Guardian decides."
    return "Leave it empty and this stays with you."
