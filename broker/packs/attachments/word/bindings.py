"""Controls that Word fills from data behind the page when it opens the file (17.5.2.6)."""

import re
from xml.etree.ElementTree import Element

from broker.packs.attachments.word.parts.markup import child, short_name, words_in
from broker.packs.attachments.word.parts.package import Package

_PROPERTIES = {
    "{6c3c8bc8-f283-45ae-878a-bab7291924a1}": "core-properties",
    "{6668398d-a668-4e3e-a5eb-62b293d839f1}": "extended-properties",
}
_MAPPING = re.compile(r"""xmlns:(\w+)\s*=\s*(?:'([^']*)'|"([^"]*)")""")
_STEP = re.compile(r"(?:(?P<prefix>\w+):)?(?P<name>[\w.-]+)(?:\[(?P<place>[1-9]\d{0,3})\])?")
_MOST_STEPS = 30
_NOTHING = "[nothing entered]"
_CHOICES = ("w:dropDownList", "w:comboBox")
_FILLED_OTHERWISE = ("w14:checkbox", "w:picture", "w:date", "w:docPartObj", "w:docPartList")


class Bindings:
    """The data parts of a file, by the identifiers that controls name."""

    def __init__(self, package: Package) -> None:
        """Find the parts; they are read when a control names one."""
        self._package = package
        self._parts: dict[str, str] | None = None

    def filled(self, control: Element) -> str | None:
        """Return what Word shows in a control if it is not what the file keeps there.

        None also stands for what is not worked out: dates, ticks and pictures, parts that are not
        there, and paths that are more than steps.
        """
        properties = child(control, "w:sdtPr")
        binding = child(properties, "w:dataBinding")
        if binding is None or any(child(properties, one) is not None for one in _FILLED_OTHERWISE):
            return None
        value = self._value(binding)
        if value is None:
            return None
        shown = _displayed(properties, value)
        if "".join(shown.split()) == words_in(control):
            return None
        return shown.strip() or _NOTHING

    def _value(self, binding: Element) -> str | None:
        part = self._named().get(binding.get("w:storeItemID", "").lower())
        steps = binding.get("w:xpath", "").removeprefix("/").split("/")
        if part is None or len(steps) > _MOST_STEPS:
            return None
        prefixes = {
            prefix: one or other
            for prefix, one, other in _MAPPING.findall(binding.get("w:prefixMappings", ""))
        }
        found: Element | None = None
        level = [self._package.data(part)]
        for step in steps:
            match = _STEP.fullmatch(step)
            if match is None:
                return None
            name = short_name(prefixes.get(match["prefix"] or "", ""), match["name"])
            same = [one for one in level if one.tag == name]
            place = int(match["place"] or 1) - 1
            found = same[place] if place < len(same) else None
            if found is None:
                return None
            level = list(found)
        return None if found is None or len(found) else found.text or ""

    def _named(self) -> dict[str, str]:
        if self._parts is None:
            package = self._package
            self._parts = {
                identifier: part
                for identifier, kind in _PROPERTIES.items()
                for part in package.related("", kind)
            }
            for part in package.related(package.main, "customxml"):
                for described in package.related(part, "customxmlprops"):
                    identifier = package.data(described).get("ds:itemID", "")
                    self._parts.setdefault(identifier.lower(), part)
        return self._parts


def _displayed(properties: Element | None, value: str) -> str:
    for kind in _CHOICES:
        choices = child(properties, kind)
        for one in choices if choices is not None else ():
            if one.get("w:value") == value:
                return one.get("w:displayText", value)
    return value
