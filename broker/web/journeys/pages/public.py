"""Pages that need no sign-in and no database: start, and danger now."""

from broker.web.journeys.shapes import Link, Page

PUBLIC = (
    Page(
        id="start",
        title="Are you worried about someone?",
        paragraphs=(
            "If anyone is in danger right now, ring 999. Do not fill in a form first.",
            "Not an emergency? Ring 101, or the Anti-Terrorist Hotline on 0800 789 321.",
            (
                "You do not have to be sure that it is terrorism. Tell us what was seen or heard. "
                "It takes 20 minutes. You can stop: we keep it, locked, for 28 days."
            ),
        ),
        links=(
            Link(text="Start", to="about", button=True),
            Link(text="Someone is in danger now", to="/now", button=True),
            Link(text="I do not work for an organisation", to="/channels"),
        ),
        on_the_way=False,
    ),
    Page(
        id="now",
        title="Ring 999 now",
        paragraphs=(
            (
                "Say where, who, what you saw or heard, and that it may be terrorism. Ask for the "
                "incident number."
            ),
            "You need no form. The police act on your call.",
            "You cannot speak? Text 999 if your phone is registered, or ask a colleague to ring.",
        ),
        links=(Link(text="I have rung. Send the details", to="/now/call", button=True),),
        on_the_way=False,
    ),
)
