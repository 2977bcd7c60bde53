"""Cases: who may work on one, where it stands, what belongs to it and which others it knows.

What another wing asks, each inside its own transaction (`broker.cases.members`)::

    case_for(tx, person, case)         the case for a member, or UnknownCaseError
    seen_case(tx, person, case)        the same for its body's lead and Guardian too
    case_named(tx, reference)          which case a reference belongs to, by its entries
    references_of(tx, case)            what belongs to a case, in the order in which it came

    opening(tx, person, kind, now)     a new case and its event (`broker.cases.opening`); then
    move(tx, case, stage, person, now) along its rail, by compare-and-set (`broker.cases.steps`)
    close(tx, case, end, person, now)

An event that carries `ref` and `case` puts the reference into the case. `Cases`
(`broker.cases.register`) is what people call; it opens its own transactions.
"""
