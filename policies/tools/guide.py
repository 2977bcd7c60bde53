"""Write a rulebook out as one guide, so that it can be read and approved without its files."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final, cast

from policies.reading.bundle import sources_of
from policies.reading.laws import Law
from policies.reading.rulebook import Rulebook
from policies.reading.strict_toml import Faults, Section, Source, top
from policies.tools.explain import label

_INTRODUCTION: Final = """\
# The rules

Each rule answers one question. A rule speaks only where what stands under its title is so, and
gives the first answer that fits. Any answer that refuses stops the disclosure. If none refuses and
any refers, it waits for a person. A permit is earned: each of the questions below needs one of
its rules to say "met".

This is not legal advice. The last part says how each source of law was read, and when it is in
force; what nobody has read stands apart at the end, and must be confirmed before anyone relies on
it.
"""
_MARKS: Final = {
    "never-waived": "Nothing sets this aside, not even an emergency.",
    "yields-to-compulsion": "Set aside where the law compels the disclosure (R20).",
    "guardian-may-approve": "An independent Guardian may approve it.",
}
_DUE: Final = {
    "same-day": " Due on the same day.",
    "next-working-day": " Due on the next working day.",
    "days-7": " Due within seven days.",
    "as-written": " Due on the day or event that is written; none: the broker sets one.",
}
_OWED_BY: Final = {
    "lead": " The sender's lead owes it.",
    "guardian": " A Guardian owes it.",
    "asking-body": " The body that asks owes it.",
    "next-to-decide": " Whoever decides next for the sender owes it.",
}
_APPROVERS: Final = (
    "Information governance lead",
    "Data protection officer",
    "Caldicott Guardian",
    "Prevent lead",
)
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
        *_questions(_table(sources["combine.toml"])),
        *(part for card in _cards(sources) for part in _card(card, rulebook)),
        *_purposes(
            _table(sources["registers/purposes.toml"]),
            _table(sources["registers/legal-basis.toml"]),
        ),
        *_words(_table(sources["vocabulary/derived.toml"])),
        *_lists(_table(sources["registers/lists.toml"])),
        *_laws(rulebook.laws.values()),
    ]
    return "\n\n".join(part.rstrip() for part in parts) + "\n"


def _table(source: Source) -> Section:
    # The rulebook was read and found good, so no fault can be noted here.
    return top(source, Faults())


def _cards(sources: dict[str, Source]) -> Iterator[Section]:
    return (_table(sources[name]) for name in sorted(sources) if name.startswith("rules/"))


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
    yield _bullets((version, meaning, day))
    yield (
        "Whoever approves them signs for this version and no other, for a time: "
        "`broker policy activate --until DAY` lets them end on the day that is written here."
    )
    yield "\n".join(
        (
            "| function | name | approved, until (day) | signed on (day) | signature |",
            "|---|---|---|---|---|",
            *(f"| {function} | | | | |" for function in _APPROVERS),
        )
    )


def _newest_law(rulebook: Rulebook) -> str:
    days = [law.begins for law in rulebook.laws.values() if law.begins is not None]
    return str(max(days, default="no day"))


def _questions(terms: Section) -> Iterator[str]:
    yield "## What a permit must answer"
    yield _bullets(
        f"{question.text('asks')} ({', '.join(question.texts('answered-by'))})"
        + _where(question.items("only-when"))
        for question in terms.sections("questions")
    )


def _card(card: Section, rulebook: Rulebook) -> Iterator[str]:
    yield f"## {card.text('rule')} {card.text('title')}"
    yield card.text("why")
    if days := _days(card.optional_day("first-day"), card.optional_day("last-day")):
        yield f"It applies {days}."
    if conditions := card.items("applies-when"):
        yield f"It speaks where {_all(conditions)}."
    yield _numbered(_answer(finding) for finding in card.sections("findings"))
    if duties := card.sections("duties"):
        yield "What is owed when this may go:"
        yield _bullets(_duty(duty, rulebook) for duty in duties)
    laws = [rulebook.laws[name] for name in card.texts("law")]
    yield f"Law: {'; '.join(law.citation for law in laws)}."


def _answer(finding: Section) -> str:
    status = finding.text("otherwise" if finding.has("otherwise") else "finding")
    verdict = finding.optional_text("decision") or status
    parts = [f"**{verdict.capitalize()}**{_where(finding.items('when'))}. {finding.text('say')}"]
    if lawful_if := finding.optional_text("lawful-if"):
        parts.append(f"*Lawful if:* {lawful_if}")
    parts.extend(words for mark, words in _MARKS.items() if finding.has(mark))
    return " ".join(parts)


def _duty(duty: Section, rulebook: Rulebook) -> str:
    kind = rulebook.obligations[duty.text("oblige")]
    always = "Whatever the outcome: " if kind.whatever_the_outcome else ""
    due = _DUE.get(kind.settled.get("due", ""), "")
    by = _OWED_BY.get(kind.settled.get("owed-by", ""), "")
    return f"{always}{kind.sentence}{due}{by}{_where(duty.items('when'))}"


def _where(conditions: Iterable[object]) -> str:
    said = _all(conditions)
    return f" (where {said})" if said else ""


def _all(conditions: Iterable[object]) -> str:
    return ", and ".join(map(_clause, conditions))


def _clause(clause: object) -> str:
    if isinstance(clause, str):
        return clause
    (choices,) = cast("dict[str, list[str]]", clause).values()
    return " or else ".join(choices)


def _purposes(purposes: Section, conditions: Section) -> Iterator[str]:
    yield "## Which fields go, purpose by purpose"
    yield "A field in no list never goes, unless a verified order names it (R29)."
    for name, purpose in purposes.each():
        yield f"### {name}"
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


def _laws(laws: Iterable[Law]) -> Iterator[str]:
    laws = sorted(laws, key=lambda law: law.citation)
    yield "## The law, how it was read, and when it is in force"
    yield "Extents are unverified throughout. A day that is not given was not read."
    yield _bullets(_law(law) for law in laws if law.reading is not None)
    yield "## Law that nobody has read yet"
    yield "Known, and to be confirmed in its source before anyone relies on it."
    yield _bullets(
        f"**{law.citation}** ({law.extent}{_force(law)}): {law.sentence}"
        for law in laws
        if law.reading is None
    )


def _law(law: Law) -> str:
    reading = law.reading
    read = "" if reading is None else f"{reading.edition}, by {reading.by}, by {reading.on}"
    return (
        f"**{law.citation}** ({law.tag}; {law.extent}{_force(law)}): {law.sentence} "
        f"Read: {read}. How: {law.read_in}"
    )


def _force(law: Law) -> str:
    if law.is_off:
        return ", off until a named person enters its commencement with its source"
    days = _days(law.begins, law.in_force_to)
    entered = law.commencement
    by = "" if entered is None else f" by {entered.source}, entered by {entered.entered_by}"
    return f", in force {days}{by}" if days else ""


def _days(first: date | None, last: date | None) -> str:
    days = (("from", first), ("to", last))
    return " ".join(f"{word} {day}" for word, day in days if day is not None)


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _numbered(lines: Iterable[str]) -> str:
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))
