"""The pages: what people see in a browser, above the wings that do the work.

What a journey asks, in which words and order, is data without Flask (`journeys/`). Here belong
templates, static files, forms, views and the session of a browser; no rule and no row.
"""
