"""Presets: functions as source policies print them, without names of people, all unverified.

Data beside this module, one file a preset; `old_words.toml` are the words of older policies.
"""
