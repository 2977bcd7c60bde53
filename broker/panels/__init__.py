"""What a panel does: its meetings, and the one pack of each that those who are asked to it read.

Bodies release what is in it by `partner_requests`; what the rules say of it is `disclosures`.
"""
