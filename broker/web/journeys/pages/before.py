"""Before anything is typed: what the worry is about, and whether 999 comes first."""

from broker.web.journeys import conditions as when
from broker.web.journeys.shapes import Kind, Option, Page, Question, always

BEFORE = (
    Page(
        id="about",
        title="What is your worry about?",
        questions=(
            Question(
                id="about",
                kind=Kind.RADIOS,
                options=(
                    Option(
                        code="person",
                        label="Someone we help: a patient, pupil, client or member of the public",
                    ),
                    Option(
                        code="colleague",
                        label="A colleague, or someone who works or volunteers here",
                        leads_to="/colleague",
                    ),
                    Option(
                        code="place",
                        label="A place, event, leaflet, speaker or website",
                        leads_to="/places",
                    ),
                    Option(code="advice", label="I want advice first", leads_to="/advice"),
                ),
                must=always,
                missing="Select what your worry is about",
            ),
        ),
        when=when.starts_with_a_worry,
    ),
)

DANGER = (
    Page(
        id="danger",
        title="Is anyone in danger right now?",
        questions=(
            Question(
                id="danger",
                kind=Kind.RADIOS,
                hint="Someone may be about to be hurt, or an attack may be near.",
                options=(
                    Option(code="yes", label="Yes", leads_to="/now"),
                    Option(code="no", label="No"),
                    Option(code="unsure", label="I am not sure"),
                ),
                facts=("danger",),
                must=always,
                missing="Select yes if anyone is in danger right now",
            ),
        ),
    ),
    Page(
        id="danger-unsure",
        title="If you fear for a life, ring 999 now",
        paragraphs=(
            (
                "The police would rather be told too soon. To talk it through, ring {lead} on "
                "{lead_telephone}, or police Prevent advice on {police_advice}."
            ),
        ),
        questions=(
            Question(
                id="danger",
                kind=Kind.RADIOS,
                label="What do you know now?",
                options=(
                    Option(code="imminent", label="Someone is in danger", leads_to="/now"),
                    Option(code="none", label="Nobody is in danger right now"),
                    Option(
                        code="unknown",
                        label="I still do not know",
                        then="Nothing is sent until somebody knows. Your Guardian is asked "
                        "today; 999 is faster.",
                    ),
                ),
                facts=("danger",),
                must=always,
                missing="Select what you know now",
            ),
        ),
        when=when.says("danger", "danger", "unsure"),
    ),
)
