"""The main job: submit, judge, hand over, acknowledge, recall, and the questions in between."""
