"""Read the table of law that cards cite."""

from policies.section import Faults, Source, top


def read_laws(source: Source, faults: Faults) -> dict[str, str]:
    """Return the citation of each law by its id."""
    laws: dict[str, str] = {}
    for name, section in top(source, faults).each():
        laws[name] = section.text("citation")
        section.text("sentence")
        checked = section.text("tag")
        if checked not in {"verified", "secondary", "unverified", "design"}:
            section.fault("A tag is verified, secondary, unverified or design.", at=checked)
        for day in ("in-force-from", "in-force-to"):
            section.optional_text(day)
        section.finish()
    return laws
