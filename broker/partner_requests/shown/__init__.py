"""What either side is shown of a request: lists, words to whom they are for, what can be chosen.

Nothing here changes a request; that its words are read is recorded.
"""
