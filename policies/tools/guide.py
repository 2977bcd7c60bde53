"""Write a rulebook out as one guide, so that it can be read and approved without its files."""

from collections.abc import Iterable, Iterator
from typing import Final

from policies.reading.bundle import sources_of
from policies.reading.laws import Law
from policies.reading.rulebook import Rulebook
from policies.reading.strict_toml import Section
from policies.tools.card_pages import (
    CardAnswer,
    CardPage,
    card_pages,
    days_in_words,
    in_brackets,
    table_of,
    where_in,
)
from policies.tools.explain import label
from policies.tools.law_words import HOW_READ, in_doubt

_INTRODUCTION: Final = """\
# The rules

Each rule answers one question. A rule speaks only where what stands under its title is so, and
gives the first answer that fits. Any answer that refuses stops the disclosure. If none refuses and
any refers, it waits for a person. A permit is earned: each of the questions below needs one of
its rules to say "met".

This is not legal advice. The last parts say how each source of law was read, and when it is in
force; what nobody has read stands apart at the end, and must be confirmed before anyone relies on
it. A rule that cites such a source, or one that is not in force yet, says so in its last line. A
number that is missing here belongs to a rule about the work around a disclosure; it has no card.
"""
_APPROVERS: Final = (
    "Information governance lead",
    "Data protection officer",
    "Caldicott Guardian",
)
_TO_SIGN: Final = """\
Whoever approves them signs for this version and no other, for a time. Where the days that are
written here differ, the earliest is their last day.

A signature puts nothing in force. Rules count from the moment that two people put them in force,
one of them a Guardian (`broker policy activate --until DAY`, or the page "The rules"), until the
last day that these two give them; that page says since when, until when and by whom. A new
installation begins with the rules of its release, at once and without a last day: so this page is
signed, and they are given their day, before the first real disclosure. Whoever puts them in force
compares the version there with the one above. The signed paper stays with the body; its
fingerprint is kept under "Policies of your organisation" (`/rules/documents`)."""
_LISTS_OF_FIELDS: Final = {
    "minimum": "Always",
    "for-a-child": "Where the person may be under 18",
    "with-a-reason": "With a written reason for the field",
    "with-agreement": "Of these, without the Guardian where an agreement to share holds",
    "to-a-safeguarding-inbox": "To a safeguarding inbox, nothing but",
}


def guide(rulebook: Rulebook) -> str:
    """Return a whole rulebook as Markdown: questions, rules, fields, words, and law."""
    sources = {source.name: source for source in sources_of(rulebook.bundle())}
    parts = [
        _INTRODUCTION,
        *_approval(rulebook),
        *_questions(table_of(sources["combine.toml"])),
        *(part for page in card_pages(rulebook) for part in _card(page, rulebook)),
        *_purposes(
            table_of(sources["registers/purposes.toml"]),
            table_of(sources["registers/legal-basis.toml"]),
            table_of(sources["vocabulary/words.toml"]),
        ),
        *_words(table_of(sources["vocabulary/derived.toml"])),
        *_lists(table_of(sources["registers/lists.toml"])),
        *_laws(rulebook),
    ]
    return "\n\n".join(part.rstrip() for part in parts) + "\n"


def _approval(rulebook: Rulebook) -> Iterator[str]:
    yield "## Which rules these are, and who approves them"
    register, law = rulebook.mail.checked_on, _newest_law(rulebook)
    meaning = (
        f"Digest of the meaning: `{rulebook.meaning}`. It stays the same where wording alone "
        "changes."
    )
    version = (
        f"Version: `{rulebook.version}`. It is the digest of every file of the rules: a change of "
        "one letter gives another. `broker check` names the version in force, and the ledger the "
        "one by which each decision was made."
    )
    day = (
        f"Written on {rulebook.terms.written_on}. The register of mail domains was checked on "
        f"{register}; the newest law that is dated here came into force on {law}."
    )
    yield _bullets((version, meaning, day, _unread(rulebook)))
    yield _TO_SIGN
    yield "\n".join(
        (
            "| function | name | approved until (day) | signed on (day) | signature |",
            "|---|---|---|---|---|",
            *(f"| {function} | | | | |" for function in _APPROVERS),
        )
    )


def _unread(rulebook: Rulebook) -> str:
    laws = rulebook.laws.values()
    unread = [law.citation for law in laws if law.reading is None]
    in_pages = sum(law.tag == "secondary" for law in laws)
    resting = (page.rule for page in card_pages(rulebook) if not set(unread).isdisjoint(page.law))
    return (
        f"Of {len(laws)} sources of law, nobody has read {len(unread)} yet, and {in_pages} were "
        "read in pages about them alone; the last two parts name them. Rules that cite what "
        f"nobody has read: {', '.join(resting) or 'none'}."
    )


def _newest_law(rulebook: Rulebook) -> str:
    days = [law.begins for law in rulebook.laws.values() if law.begins is not None]
    return str(max(days, default="no day"))


def _questions(terms: Section) -> Iterator[str]:
    yield "## What a permit must answer"
    yield _bullets(
        f"{question.text('asks')} ({', '.join(question.texts('answered-by'))})"
        + where_in(question.items("only-when"))
        for question in terms.sections("questions")
    )


def _card(page: CardPage, rulebook: Rulebook) -> Iterator[str]:
    yield f"## {page.rule} {page.title}"
    yield page.why
    if page.applies:
        yield f"It applies {page.applies}."
    if page.speaks_where:
        yield f"It speaks where {page.speaks_where}."
    yield _numbered(map(_answer, page.answers))
    if page.duties:
        yield "What is owed when this may go:"
        yield _bullets(page.duties)
    doubts = {law.citation: in_doubt(law) for law in rulebook.laws.values()}
    yield f"Law: {'; '.join(one + _bracketed(doubts[one]) for one in page.law)}."


def _answer(answer: CardAnswer) -> str:
    parts = [f"**{answer.verdict}**{in_brackets(answer.where)}. {answer.say}"]
    if answer.lawful_if:
        parts.append(f"*Lawful if:* {answer.lawful_if}")
    return " ".join((*parts, *answer.marks))


def _purposes(purposes: Section, conditions: Section, words: Section) -> Iterator[str]:
    yield "## Which fields go, purpose by purpose"
    yield (
        "A field in no list never goes, unless a verified order names it (R29). Of the "
        "conditions, a number alone is a paragraph of Schedule 1 to the Data Protection Act 2018, "
        "and 9(2) with a letter is a point of UK GDPR Article 9(2)."
    )
    for name, purpose in purposes.each():
        yield f"### {name}"
        yield _sentence(words.text(name))
        fields = list(_fields(purpose)) or ["No field goes by this list."]
        yield _bullets([*fields, *_conditions(conditions.section(name))])


def _fields(purpose: Section) -> Iterator[str]:
    for key, words in _LISTS_OF_FIELDS.items():
        if fields := purpose.optional_texts(key):
            yield f"{words}: {', '.join(map(label, fields))}."
    if others := purpose.optional_text("others"):
        yield f"Any other field waits for {others}."
    needed = purpose.optional_section("to-act-on")
    for name in needed.names():
        yield f"To act on it takes {name}: one of {', '.join(map(label, needed.texts(name)))}."


def _conditions(condition: Section) -> Iterator[str]:
    usual = ", ".join(condition.texts("usual")) or "none"
    yield f"Usual conditions for special category data: {usual}."
    if for_a_child := condition.optional_texts("for-a-child"):
        yield f"For a child also: {', '.join(for_a_child)}."
    if from_the_police := condition.optional_texts("from-the-police"):
        yield f"From the police also: {', '.join(from_the_police)}."


def _words(derived: Section) -> Iterator[str]:
    yield "## Words that are worked out"
    yield _bullets(f"**{name}**: {entry.text('gloss')}." for name, entry in derived.each())


def _lists(lists: Section) -> Iterator[str]:
    yield "## Lists"
    yield _bullets(f"**{name}**: {', '.join(lists.texts(name))}." for name in lists.names())


def _laws(rulebook: Rulebook) -> Iterator[str]:
    laws = sorted(rulebook.laws.values(), key=lambda law: law.citation)
    yield "## The law, how it was read, and when it is in force"
    yield (
        "For none of them was it checked where it applies (England, Great Britain and so on). A "
        "day that is not given was not read."
    )
    yield _bullets(_law(law) for law in laws if law.reading is not None)
    yield "## Law that nobody has read yet"
    yield "Known, and to be confirmed in its source before anyone relies on it."
    pages = card_pages(rulebook)
    yield _bullets(
        f"**{law.citation}** ({law.extent}{_force(law)}): {law.sentence} "
        f"Cited by {', '.join(page.rule for page in pages if law.citation in page.law) or 'none'}."
        for law in laws
        if law.reading is None
    )


def _law(law: Law) -> str:
    reading = law.reading
    read = (
        ""
        if reading is None
        else f"{reading.edition}. Read by {reading.by}, on {reading.on} at the latest"
    )
    return (
        f"**{law.citation}** ({HOW_READ[law.tag]}; {law.extent}{_force(law)}): {law.sentence} "
        f"Edition: {read}. How: {law.read_in}"
    )


def _force(law: Law) -> str:
    if law.is_off:
        return ", off until a named person enters its commencement with its source"
    days = days_in_words(law.begins, law.in_force_to)
    entered = law.commencement
    by = "" if entered is None else f" by {entered.source}, entered by {entered.entered_by}"
    return f", in force {days}{by}" if days else ""


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _numbered(lines: Iterable[str]) -> str:
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))


def _bracketed(words: str) -> str:
    return f" ({words})" if words else ""


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
