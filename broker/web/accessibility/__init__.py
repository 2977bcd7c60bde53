"""By what each criterion of WCAG 2.2, levels A and AA, is looked at here.

`criteria.toml` is the one list; the page of the accessibility statement and
`docs/accessibility/criteria.md` are made from it.
"""
