"""The Caldicott Guardian's work: what waits for their word, and what they look back at.

A question and its reply belong to the disclosure they are about: `broker.disclosures`.
"""
