"""What is kept about other bodies over time: the directory, and who changed it.

What an entry looks like in the database belongs to broker.storage; how a pack is judged by it,
to broker.disclosures.
"""
