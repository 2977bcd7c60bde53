"""Which pages apply, in which order, and what each asks."""

from dataclasses import replace
from datetime import date

import pytest

from broker.domain.form import FIELD_BY_ID, FORM
from broker.web.journeys.answers import Answers, Circumstances, Contact, Kind
from broker.web.journeys.journey import Journey, UnknownPageError
from broker.web.journeys.order import BY_ID
from broker.web.journeys.pages.checking import ASK_LEAD
from broker.web.journeys.pages.made import one_file
from broker.web.journeys.shapes import NEXT, Section
from broker.web.journeys.shapes import Kind as Shape
from broker.web.journeys.tasks import Progress
from policies import Rulebook

TODAY = date(2026, 3, 16)
PREVENT = Contact(
    mailbox="prevent",
    title="Prevent inbox",
    body="Northshire Example Police",
    kind="police",
    function="prevent-inbox",
    checked_on=date(2026, 3, 1),
)
FRONT_DOOR = Contact(
    mailbox="front-door",
    title="Front door",
    body="Northshire Example Council",
    kind="local-authority",
    function="front-door-children",
)
ELSEWHERE = Contact(
    mailbox="elsewhere",
    title="Duty team",
    body="Southshire Example Council",
    kind="local-authority",
    function="other",
)
KNOWN = Circumstances(
    today=TODAY, contacts=(PREVENT, FRONT_DOOR, ELSEWHERE), usual=2, lead="Ward lead Example"
)
JOURNEY = Journey(KNOWN)
CHILD: Answers = {"age": {"dob": "2012-05-01"}}
ADULT: Answers = {"age": {"dob": "1991-11-02"}}
NOBODY_KNOWS: Answers = {"age": {"unsure": ["unsure"]}}


def names(answers: Answers, journey: Journey = JOURNEY) -> list[str]:
    return [page.id for page in journey.pages(answers)]


def questions(page: str, answers: Answers, journey: Journey = JOURNEY) -> list[str]:
    return [question.id for question in journey.page(page, answers).questions]


def codes(page: str, question: str, answers: Answers, journey: Journey = JOURNEY) -> list[str]:
    asked = journey.page(page, answers).questions
    (options,) = [each.options for each in asked if each.id == question]
    return [option.code for option in options]


def test_an_empty_referral_asks_only_what_follows_from_nothing() -> None:
    assert names({}) == [
        "about",
        "danger",
        "seen",
        "source",
        "basis",
        "harm",
        "crime",
        "who",
        "age",
        "where",
        "family",
        "able",
        "told",
        "agree",
        "done",
        "lead",
        "ask",
        "why",
        "balance",
        "more",
        "read",
        "check",
    ]


@pytest.mark.parametrize(
    ("answers", "page"),
    [
        ({"danger": {"danger": "unsure"}}, "danger-unsure"),
        ({"source": {"source": "hearsay"}}, "told-by"),
        ({"basis": {"basis": ["lawful-belief", "dress-or-appearance"]}}, "not-a-concern"),
        ({"basis": {"basis": ["stated-intent"]}}, "words"),
        ({**CHILD, "family": {"implicated": "yes"}}, "family-part"),
        ({**ADULT, "able": {"capacity": "lacks"}}, "capacity"),
        ({"told": {"told": "safe"}}, "not-told"),
        ({"agree": {"answer": "refused"}}, "agree-what"),
        ({"agree": {"answer": "given"}, "agree-what": {"scope": "other"}}, "agree-scope"),
        ({"ask": {"recipient": "other"}}, "other-recipient"),
        ({"more": {"fields": ["file"]}}, "file/1"),
        ({"more": {"fields": ["individual.religion"]}}, "field/individual.religion"),
        ({"read": {"in_it": ["people"]}}, "roles"),
    ],
)
def test_a_follow_up_is_a_page_of_its_own(answers: Answers, page: str) -> None:
    assert page not in names({})
    assert page in names(answers)


def test_a_child_an_adult_and_somebody_of_no_known_age_are_asked_what_can_matter() -> None:
    asked = {"family", "balance"}
    assert asked & set(names(CHILD)) == {"family"}
    assert asked & set(names(ADULT)) == {"balance"}
    assert asked <= set(names(NOBODY_KNOWS))
    assert questions("able", CHILD) == ["competence"]
    assert questions("able", ADULT) == ["capacity", "care"]
    assert questions("able", NOBODY_KNOWS) == ["competence", "capacity", "care"]
    assert "send" in questions("where", CHILD)
    assert "send" not in questions("where", ADULT)
    titles = [JOURNEY.page("able", each).title for each in (CHILD, ADULT, NOBODY_KNOWS)]
    assert len(set(titles)) == 3


def test_no_page_asks_in_its_label_what_its_title_asks() -> None:
    for answers in (CHILD, ADULT, NOBODY_KNOWS):
        for page in JOURNEY.pages(answers):
            assert page.title not in [question.label for question in page.questions]


def test_an_agreement_that_holds_needs_no_balance() -> None:
    agreed: Answers = {
        **ADULT,
        "agree": {"answer": "given"},
        "agree-what": {"by": "person", "on": "2026-03-12", "scope": "usual"},
        "ask": {"recipient": "prevent"},
    }
    lapsed = {**agreed, "agree-what": {**agreed["agree-what"], "on": "2025-03-15"}}
    by_nobody = {**agreed, "agree-what": {**agreed["agree-what"], "by": "nobody"}}

    assert "balance" not in names(agreed)
    assert "balance" in names(lapsed)
    assert "balance" in names(by_nobody)


def test_what_a_page_said_of_a_recipient_is_what_was_agreed_to() -> None:
    only_this: Answers = {
        "agree": {"answer": "given"},
        "agree-what": {"by": "person", "on": "2026-03-12", "scope": "only-this"},
        "ask": {"recipient": "front-door"},
    }
    (label,) = [
        option.label
        for question in JOURNEY.page("agree-what", only_this).questions
        for option in question.options
        if option.code == "only-this"
    ]

    (pack,) = JOURNEY.packs_of(only_this)

    assert "police" in label
    questions_of_it = pack.document["questions"]
    assert isinstance(questions_of_it, dict)
    agreement = questions_of_it["agreement_to_share"]
    assert (agreement["recipients"], agreement["purposes"]) == (["police"], ["referral"])
    assert pack.purpose == "other-safeguarding"


def test_the_purpose_follows_from_who_is_asked() -> None:
    asked = {
        name: JOURNEY.packs_of({"ask": {"recipient": name}})[0].purpose
        for name in ("prevent", "front-door")
    }
    other: Answers = {
        "ask": {"recipient": "other"},
        "other-recipient": {"mailbox": "elsewhere", "purpose": "other-safeguarding"},
    }

    assert asked == {"prevent": "referral", "front-door": "other-safeguarding"}
    assert JOURNEY.packs_of(other)[0].purpose == "other-safeguarding"


def test_social_care_gets_a_pack_of_its_own_beside_the_police() -> None:
    grave: Answers = {
        **CHILD,
        "who": {"name": "Zzcanary"},
        "harm": {"harm": "serious", "to_person": "yes"},
        "ask": {"recipient": "prevent", "what": "Look into it.", "also": ["also"]},
        "also": {"know": "She needs help.", "do": "Visit her.", "name": "To find her."},
    }
    nameless = {**grave, "also": {**grave["also"], "name": None}}
    mild = {**grave, "harm": {"harm": "some", "to_person": "yes"}}

    police, care = JOURNEY.packs_of(grave)
    assert (police.purpose, care.purpose) == ("referral", "other-safeguarding")
    assert care.recipient == FRONT_DOOR
    assert set(care.form) == {
        "individual.date_of_birth",
        "individual.name",
        "needs.other_safeguarding",
    }
    assert "needs.other_safeguarding" not in police.form
    assert "individual.name" not in JOURNEY.packs_of(nameless)[1].form
    assert len(JOURNEY.packs_of(mild)) == 1
    assert "also" not in names(mild)


def test_an_adult_is_not_sent_to_the_front_door_of_children() -> None:
    adults = replace(FRONT_DOOR, mailbox="adults", function="front-door-adults")
    journey = Journey(replace(KNOWN, contacts=(PREVENT, FRONT_DOOR, adults), usual=3))
    grave: Answers = {
        "harm": {"harm": "serious", "to_person": "yes"},
        "ask": {"recipient": "prevent", "what": "Look into it.", "also": ["also"]},
        "also": {"know": "They need help.", "do": "Visit them."},
    }

    told = {
        name: journey.packs_of({**grave, **age})[1].recipient
        for name, age in (("child", CHILD), ("adult", ADULT), ("nobody knows", NOBODY_KNOWS))
    }

    assert told == {"child": FRONT_DOOR, "adult": adults, "nobody knows": FRONT_DOOR}


def test_an_answer_counts_only_while_its_page_applies() -> None:
    answers: Answers = {
        **ADULT,
        "able": {"capacity": "presumed"},
        "capacity": {"finding": "An old finding."},
        "told": {"told": "yes", "how": "On the ward."},
        "not-told": {"why": "An old reason."},
    }

    (pack,) = JOURNEY.packs_of(answers)

    assert "An old finding." not in pack.form.values()
    assert "An old reason." not in pack.form.values()
    assert pack.form["capacity.finding"] == "No reason to doubt capacity."


def test_a_wording_is_changed_and_an_emptied_one_does_not_go() -> None:
    answers: Answers = {"told": {"told": "safe"}}
    before = JOURNEY.packs_of(answers)[0].form["consent.told"]
    page = JOURNEY.page("wording/consent.told", answers)

    changed = {**answers, "wording/consent.told": {"text": "Not yet; on Monday."}}
    emptied = {**answers, "wording/consent.told": {"text": None}}

    assert page.questions[0].prefilled == before == "Not told yet."
    assert JOURNEY.packs_of(changed)[0].form["consent.told"] == "Not yet; on Monday."
    assert "consent.told" not in JOURNEY.packs_of(emptied)[0].form


def test_a_page_goes_on_to_the_next_that_applies() -> None:
    assert JOURNEY.next_page("about", {"about": {"about": "person"}}) == "danger"
    assert JOURNEY.next_page("about", {"about": {"about": "colleague"}}) == "/colleague"
    assert JOURNEY.next_page("danger", {"danger": {"danger": "yes"}}) == "/now"
    assert JOURNEY.next_page("danger", {"danger": {"danger": "no"}}) == "seen"
    assert JOURNEY.next_page("crime", {"crime": {"terrorism": "yes"}}) == "tell-police"
    assert JOURNEY.next_page("tell-police", {"crime": {"terrorism": "yes"}}) == "who"
    assert JOURNEY.next_page("read", {"read": {"in_it": ["intelligence"]}}) == "stop"
    assert JOURNEY.next_page("check", {}) == ""


def test_a_page_goes_back_to_the_one_before() -> None:
    assert JOURNEY.previous_page("about", {}) == ""
    assert JOURNEY.previous_page("danger", {}) == "about"
    assert JOURNEY.previous_page("tell-police", {}) == "crime"
    assert JOURNEY.previous_page("wording/consent.told", {}) == "check"


def test_a_choice_is_explained_on_the_page_after_it() -> None:
    said = [inset.text for inset in JOURNEY.page("crime", {"harm": {"harm": "none"}}).insets]

    assert said == ["Without harm the rules refuse. Talk to Ward lead Example about other help."]


def test_a_change_leads_back_to_check_unless_it_opens_a_page() -> None:
    done: dict[str, dict[str, object]] = {
        page.id: {} for page in JOURNEY.pages(ADULT) if page.questions
    }
    before: Answers = {**done, **ADULT, "source": {"source": "first-hand"}}  # type: ignore[dict-item]  # empty answers
    same = {**before, "source": {"source": "first-hand", "how": "In class."}}
    opens = {**before, "source": {"source": "hearsay"}}

    assert JOURNEY.after_a_change("source", before, same) == "check"
    assert JOURNEY.after_a_change("source", before, opens) == "told-by"


def test_a_page_that_does_not_exist_is_no_page() -> None:
    for name in (
        "nothing",
        "field/nothing",
        "file/0",
        "file/21",
        "file/x",
        "wording/record.whole",
    ):
        with pytest.raises(UnknownPageError):
            JOURNEY.page(name, {})
        with pytest.raises(UnknownPageError):
            JOURNEY.next_page(name, {})


def test_files_follow_one_another_up_to_twenty() -> None:
    answers: dict[str, dict[str, object]] = {"more": {"fields": ["file"]}}
    for number in range(1, 25):
        answers[f"file/{number}"] = {"another": ["another"]}

    files = [name for name in names(answers) if name.startswith("file/")]  # type: ignore[arg-type]  # JSON

    assert len(files) == 20


def test_every_choice_leads_somewhere_and_every_must_says_what_is_missing() -> None:
    for page in BY_ID.values():
        assert page.after == "" or page.after in BY_ID, page.id
        for question in page.questions:
            ways = {option.leads_to for option in question.options} - {""}
            assert all(way.startswith("/") or way in {*BY_ID, ASK_LEAD} for way in ways), page.id
            assert set(question.fields) <= FIELD_BY_ID.keys(), page.id
            asks_text = question.kind in {Shape.LINE, Shape.TEXT}
            assert not asks_text or question.limit > 0, (page.id, question.id)
        for link in page.links:
            known = link.to.startswith(("/", "field/")) or link.to in {*BY_ID, "delete", NEXT}
            assert known, (page.id, link.to)


def test_the_first_page_of_a_journey_links_to_nothing_in_a_draft_that_is_not_there_yet() -> None:
    for kind in Kind:
        first, *_ = Journey(replace(KNOWN, kind=kind)).pages({})

        assert [link.to for link in first.links if not link.to.startswith("/")] == []


def test_what_may_be_chosen_is_what_the_rules_know() -> None:
    words = Rulebook.shipped().vocabulary.shapes
    ours = {"danger", "told", "answer", "about", "read", "lead", "in_it", "rung", "purpose"}
    for page in BY_ID.values():
        for question in page.questions:
            if len(question.facts) != 1 or question.id in ours or not question.options:
                continue
            known = words.get(question.facts[0])
            if known is not None and known.words:
                chosen = {option.code for option in question.options}
                assert chosen <= set(known.words), (page.id, question.id)


def test_the_lead_is_asked_where_the_body_wants_it() -> None:
    unasked = Journey(replace(KNOWN, check_purposes=frozenset()))
    lead = Journey(replace(KNOWN, role="lead"))

    assert "lead" not in names({}, unasked)
    assert "lead" not in codes("lead", "lead", {})
    assert "lead" in codes("lead", "lead", {}, lead)


def test_nobody_is_asked_here_who_cannot_answer_here() -> None:
    here = Journey(replace(KNOWN, lead_answers_here=True))

    assert "ask" not in codes("lead", "lead", {})
    assert "ask" in codes("lead", "lead", {}, here)


def test_nobody_says_what_the_lead_did_once_that_is_on_record() -> None:
    asked = Journey(replace(KNOWN, check_status="not-asked"))

    assert "lead" in names({})
    assert "lead" not in names({}, asked)


def test_who_writes_ends_before_sharing_where_the_lead_completes_it() -> None:
    for_the_lead = Journey(replace(KNOWN, completes_here=False))

    assert names({}, for_the_lead)[-1] == "lead"
    assert not {"ask", "why", "read", "check"} & set(names({}, for_the_lead))


def test_who_carries_on_without_a_concern_goes_to_the_next_page() -> None:
    answers: Answers = {"basis": {"basis": ["lawful-belief"]}}

    ways = [link.to for link in JOURNEY.page("not-a-concern", answers).links]

    assert ways == ["basis", "delete", "harm"]


def test_earlier_concerns_are_asked_about_where_there_are_any() -> None:
    known = Journey(replace(KNOWN, earlier=2))

    assert "earlier" in names({}, known)
    assert "earlier" not in names({})


def test_the_mailboxes_of_the_pathway_come_first_and_others_are_looked_up() -> None:
    (asked, *_) = JOURNEY.page("ask", {}).questions

    assert [option.code for option in asked.options] == ["prevent", "front-door", "other"]
    assert asked.options[0].label == "Prevent inbox, Northshire Example Police"
    assert asked.options[0].hint == "address checked on 1 March 2026"
    assert codes("other-recipient", "mailbox", {}) == ["elsewhere"]


def test_no_other_team_is_offered_where_there_is_none() -> None:
    alone = Journey(replace(KNOWN, contacts=(PREVENT,), usual=1))

    assert codes("ask", "recipient", {}, alone) == ["prevent"]


def test_the_task_list_says_how_far_each_section_has_come() -> None:
    def progress(answers: Answers) -> dict[Section, Progress]:
        return {task.section: task.progress for task in JOURNEY.task_list(answers)}

    some: Answers = {"seen": {"story": "Something.", "first": "2026-03-10"}}
    notice: Answers = {
        **some,
        "source": {"source": "first-hand"},
        "basis": {"basis": ["observed-behaviour"]},
        "harm": {"harm": "some", "to_person": "no"},
        "crime": {"serious": "no", "terrorism": "no"},
    }

    assert set(progress({}).values()) == {Progress.NOT_STARTED}
    assert progress(some)[Section.NOTICE] is Progress.IN_PROGRESS
    assert progress(notice)[Section.NOTICE] is Progress.DONE
    assert progress(notice)[Section.PERSON] is Progress.NOT_STARTED
    assert [task.page for task in JOURNEY.task_list(some)][:2] == ["source", "who"]
    waiting = [page.id for page in JOURNEY.still_to_answer(notice)]
    assert "seen" not in waiting
    assert {"who", "why"} <= set(waiting)


def test_an_emergency_is_five_pages_and_two_packs() -> None:
    another = replace(FRONT_DOOR, mailbox="another", kind="nhs", function="safeguarding-inbox")
    inbox = replace(another, mailbox="inbox", own=True)
    danger = Journey(
        replace(KNOWN, kind=Kind.EMERGENCY, contacts=(PREVENT, another, inbox), usual=3)
    )
    answers: Answers = {
        "now-call": {"rung": "colleague", "at": "09:45"},
        "now-who": {"name": "Zzcanary", "from": 14, "to": 16},
        "now-what": {"event": "On the way.", "source": "reported", "ask": "Find them."},
        "now-told": {"told": "risk"},
    }

    police, told = danger.packs_of(answers)

    assert len(names(answers, danger)) == 5
    assert (police.recipient, told.recipient) == (PREVENT, inbox)
    assert police.form["checks.emergency"] == "A colleague rang 999 at 09:45."
    assert police.form["individual.approximate_age"] == "14 to 16"
    asked = police.document["questions"]
    assert isinstance(asked, dict)
    assert asked["danger"] == "imminent"
    assert asked["concern"]["basis"] == ["observed-behaviour"]
    assert asked["concern"]["serious_crime"] == "unknown"
    assert asked["check"] == {"status": "not-asked", "reason": ""}
    assert asked["material"]["free_text_screened"] == "no"
    assert asked["told"]["telling_raises_risk"] == "yes"
    assert asked["subject"]["capacity"] == "unknown"


def test_a_body_without_a_safeguarding_inbox_sends_one_pack() -> None:
    danger = Journey(replace(KNOWN, kind=Kind.EMERGENCY, contacts=(PREVENT,), usual=1))

    assert len(danger.packs_of({})) == 1


def test_what_a_file_carries_is_chosen_under_the_sections_of_the_form() -> None:
    carries = next(one for one in one_file(1).questions if one.id == "carries")

    headings = [option.heading for option in carries.options if option.heading]
    assert headings == [*dict.fromkeys(field.section for field in FORM), "Or"]
    assert [option.code for option in carries.options][:-1] == [field.id for field in FORM]


@pytest.mark.parametrize("takes", [True, False], ids=["taken there", "not taken"])
def test_the_file_itself_is_offered_only_to_whom_takes_it(*, takes: bool) -> None:
    known = replace(KNOWN, contacts=(replace(PREVENT, takes_originals=takes),))
    answers: Answers = {"ask": {"recipient": "prevent"}}

    asked = {one.id for one in Journey(known).page("file/1", answers).questions}

    assert ("original" in asked) is takes
