"""The directory as files of others: a table (CSV), and the shape of Open Referral UK (JSON).

What comes in is checked line by line; every bad line is named at once, and then none is taken.
"""
