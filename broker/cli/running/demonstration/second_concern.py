"""The demonstration of a second concern about one person: recognised, shown, recorded."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from audit.format.plurals import counted
from broker.cli.in_words import match_in_words
from broker.cli.output import command, item, say
from broker.cli.running.demonstration.samples import written_anew
from broker.domain.json_values import as_array, as_object

NUMBER: Final = "individual.nhs_number"
AS_FIRST_WRITTEN: Final[Mapping[str, str]] = {NUMBER: "999 000 0018"}
AS_WRITTEN_LATER: Final[Mapping[str, str]] = {
    NUMBER: "9990000018",
    "individual.name": "INVENTED-CANARY, Jo",
}
"""An invented person, named by an NHS number of the range that is given to nobody."""

Submit = Callable[[Path], Mapping[str, object]]
Ask = Callable[[str], Mapping[str, object]]


def show_second_concern(
    sample: Path, folder: Path, submit: Submit, ask: Ask, as_guardian: str
) -> None:
    """Submit a sample pack twice, otherwise written, and show what the Guardian is shown.

    `submit` sends a pack as its sender, `ask` gets a path of the API as the Guardian;
    `as_guardian` is the beginning of a command that can be copied.
    """
    first, second = (
        submit(written_anew(sample, folder / f"{name}.json", changes))["reference"]
        for name, changes in (("first", AS_FIRST_WRITTEN), ("second", AS_WRITTEN_LATER))
    )
    say()
    say("== A second concern about one person, written otherwise")
    listed = ask(f"/api/v1/earlier/{second}")
    for one in map(as_object, as_array(listed["earlier"])):
        item("recognised", f"{one['reference']}, of {one['on']} ({match_in_words(one['match'])})")
    opened = ask(f"/api/v1/earlier/{second}/{first}")
    words = [as_object(one) for one in as_array(opened["words"])]
    item("shown", f"{counted(len(words), 'field')} of {first}, to the Guardian alone")
    item("recorded", "who looked, and who was given it to read; never what was found")
    command("for example", f"{as_guardian} earlier list {second}")
