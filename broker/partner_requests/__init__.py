"""Partners are asked about one person, and answer: each question and each answer is judged.

What the rules say of it is `disclosures`; what is told by whom of a panel is elsewhere.
"""
