"""What people do before anything is sent: concerns, the lead's check, and the ways there.

Here belong pathways, drafts, concerns and what a lead answers. What was sent belongs to
`broker.disclosures`; what a Guardian decides, to `broker.guardian`.
"""
