"""Signing in at one's own organisation (OpenID Connect): what is asked, and what is believed.

elsewhere.begin(binder)                -> address of the provider
elsewhere.finish(binder, answered)     -> token of a session
elsewhere.begin_link(token), finish_link(token, answered), unlink(token)
"""
