"""Word files: what people see on the page, in words and pictures, and nothing that they do not.

The container is Office Open XML (ECMA-376). Nothing of the file itself travels: what acts,
fetches, or was hidden, changed or commented is refused, as its writer must decide about it; what
nobody sees stays behind; the rest is shown run by run. docs/formats/sealed-pack.md tells it.
"""

from broker.packs.attachments.word.reading import examine

__all__ = ["examine"]
