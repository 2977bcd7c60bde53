"""A decision in words: what stops it, what goes and stays, what it obliges to."""

from collections.abc import Iterator, Mapping

from broker.cli.output import item, lines
from broker.domain.form import label_of
from broker.domain.json_values import as_array, as_object, texts

IN_SHORT: Mapping[str, str] = {
    "call-999": "ring 999 now",
    "ask-a-deputy": "a deputy Guardian decides",
    "redact-third-parties": "other people by their role",
    "label-opinion": "what is reported is marked as reported",
    "withhold": "some of it stays",
    "seal": "sealed, its words told by telephone",
    "use-the-portal": "fetched from a page of the portal",
    "recipient-undertaking": "under their signed undertaking",
    "tell-the-guardian": "tell the Guardian",
    "guardian-review": "a Guardian looks back",
    "guardian-sample": "a Guardian looks back, by chance",
    "confirm-receipt": "ask if it opened",
    "tell-the-lead": "tell your lead",
    "read-earlier-concerns": "read the earlier concerns",
    "share-or-say-why": "share another way, or write why not",
    "tell-the-victim": "tell the victim in writing",
    "tell-the-person": "tell the person",
    "do-not-tell-the-person-yet": "do not tell the person yet",
    "tell-the-parents": "tell the parents",
    "do-not-tell-the-parents": "do not tell the parents",
    "refer-to-social-care": "refer to social care",
    "offer-social-care": "offer social care",
    "early-help": "offer Early Help",
    "review-agreement": "ask again if they agree",
    "update-the-record": "note it in your own record",
    "regional-notice": "propose a regional notice",
    "retention": "kept no longer than agreed",
}
"""Every obligation in a few words, for a list; the rulebook has its whole sentence."""


def decision_in_words(decision: object) -> None:
    """Print the reasons of a decision: what stops it, what is withheld, what would be lawful."""
    found = as_object(decision)
    lines("because", _reasons(found))
    lines("lawful if", texts(found["lawful_if"]))
    released = texts(found["release"])
    if released:
        item("goes", "; ".join(map(label_of, released)))
    for reason, fields in _by_reason(as_object(found["withheld"])).items():
        item("stays", f"{'; '.join(map(label_of, fields))}: {reason}")
    types = (str(as_object(one)["type"]) for one in as_array(found["obligations"]))
    obligations = [IN_SHORT.get(each, each) for each in types]
    if obligations:
        item("obliges", "; ".join(obligations))


def _reasons(decision: Mapping[str, object]) -> Iterator[str]:
    for finding in map(as_object, as_array(decision["findings"])):
        is_reason = finding["effect"] in {"refuse", "refer", "waived"} or finding["rule"] == "R01"
        if is_reason and finding["status"] != "not-applicable":
            yield f"{finding['say']} ({finding['rule']})"


def _by_reason(withheld: Mapping[str, object]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for field, reason in withheld.items():
        grouped.setdefault(str(reason), []).append(field)
    return grouped
