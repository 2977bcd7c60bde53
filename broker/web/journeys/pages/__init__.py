"""The pages of every journey, as tables in the order in which people meet them.

Each module holds one part: `before` what is asked first; `notice`,
`person`, `agreement`, `checking` and `sharing` the five sections of the task list; `made` the
pages of added fields and files; `danger` the emergency; `purposes` and `papers` what is added
where something else than a referral is sent.
"""
