"""Who is asking: people by accounts and tokens, machines by proofs, and what must be said for it.

What a browser's pages use of `services.access`, each with a token that its cookie holds::

    accounts.welcome(secret)                      what the page of a one-time link shows
    accounts.open(secret, password, code)         -> token; the link counts no more
    sign_in.sign_in(address, password, code)      -> token
    passkeys.ask_to_sign_in()                     -> name and options; then
    passkeys.sign_in(name, answer)                -> token
    sessions.of(token)                            -> who it is; `caller` once a role is chosen
    sessions.roles(token), sessions.choose(token, role)   -> a new token
    sign_in.step_up(token, code)                  -> a new token; then, in the action itself,
    sessions.spend_step_up(token)                 or StepUpNeededError
    sessions.end(token)                           signs out, everywhere

Their errors stand in `broker.domain.people.errors`. A token that changes is set anew as cookie.
"""
