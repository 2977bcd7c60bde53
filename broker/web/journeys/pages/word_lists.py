"""Words that several pages share, and the lists that their choices are made of."""

YES_NO = (("yes", "Yes"), ("no", "No"))
YES_NO_UNKNOWN = (*YES_NO, ("unknown", "I do not know"))

KINDS_OF_BODY = (
    ("police", "Police"),
    ("local-authority", "Council"),
    ("nhs", "NHS"),
    ("education", "School, college or university"),
    ("probation", "Probation"),
    ("prison", "Prison"),
    ("other-public-body", "Another public body"),
    ("private-body", "A company"),
    ("voluntary-body", "A charity or voluntary group"),
    ("court", "A court"),
)
"""The ten kinds of body, with the words that people read."""

TO_A_BODY = {
    "police": "the police",
    "local-authority": "the council",
    "nhs": "the NHS",
    "education": "the school, college or university",
    "probation": "probation",
    "prison": "the prison",
    "other-public-body": "the other public body",
    "private-body": "the company",
    "voluntary-body": "the charity or voluntary group",
    "court": "the court",
}
"""The same within a sentence, after "to"."""

PURPOSES = (
    ("referral", "Telling the Prevent team"),
    ("police-screening", "The police's own first checks"),
    ("partner-response", "Answers from other bodies"),
    ("panel-assessment", "A panel that assesses"),
    ("support-delivery", "A provider that gives support"),
    ("case-review", "Reviews"),
    ("transfer", "A move to another area"),
    ("other-safeguarding", "Help from social care or Early Help"),
    ("staff-process", "Our own staff process"),
    ("emergency", "An emergency"),
    ("crime", "A crime that the police look into"),
    ("court-or-legal", "A court, or a duty in law"),
    ("subject-access", "The person's own request for what we hold"),
    ("partner-request", "Asking another body"),
)
"""The purposes that somebody may agree to, with the words that people read."""

PROMPT_WARNINGS = (
    "There is no single route to terrorism nor is there a simple profile.",
    "None of these are conclusive in themselves.",
    "Use your professional judgement. Do not stereotype, label or single out.",
)
"""What the sources say above their own lists (SET 2.3, DH 1.29, LSW 4.4, ECPT)."""

PROMPTS = (
    (
        "Signs of being drawn in",
        (
            "More and more time with others who are drawn to the same cause",
            "A change of dress or looks to fit in with the group",
            "Daily life turns more and more around an ideology, a group or a cause",
            "Loss of interest in other friends and activities",
            "Material or symbols of a violent cause",
            "Attempts to recruit others",
            "Messages that suggest they belong to a group, cause or ideology",
        ),
    ),
    (
        "Signs of a wish to cause harm",
        (
            "Another group is seen as a threat, and blamed for all ills",
            "Insulting names or labels for another group",
            "Talk of harm that is near, and of the need to act now",
            "Attitudes that justify crime for the group, cause or ideology",
            "Violence or harm to others is condoned or supported",
            "Plotting with others",
        ),
    ),
    (
        "Signs of being able to cause harm",
        (
            "A history of violence",
            "Crime of many kinds, and criminal networks used for a violent cause",
            "Skills from work that could serve an attack",
            "Technical knowledge that could be used",
        ),
    ),
)
"""What to look for (SET 2.3), under its three headings: text, never a list to tick."""
