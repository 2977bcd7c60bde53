"""The document's fonts, with their licence (OFL.txt) and what they have letters for (letters.txt).

`make fonts` makes them anew from the sources that sources.txt names, in the order in which a page
looks for a letter; SHA256SUMS says what must come out.
"""
