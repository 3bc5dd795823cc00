"""One card of every shape that the port allows, for whoever looks at how Teams shows them."""

from adapters.chat import Action, Card, Choice, Field, Link, Picture, Series

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri")
SCALE = (*(Choice(str(number), str(number)) for number in range(1, 6)), Choice("not_sure", "not sure"))
TREND = Picture(
    "Readiness", "Front desk rose from 3.1 to 3.9 in a week; Nursing has a gap on Wednesday.", WEEK,
    (Series("Front desk", (3.1, 3.2, 3.4, 3.8, 3.9)), Series("Nursing", (3.4, 3.3, None, 3.5, 3.6))), png=PIXEL,
)  # fmt: skip
RATES = Picture("Answered", "29 of 38 answered on Friday.", WEEK, (Series("All", (31, 30, 30, 28, 29)),), kind="bar")
GROUPED = Picture("By team", "Nursing answers most.", WEEK[:2], (Series("A", (1, 2)), Series("B", (3, 4))), kind="bar")

GALLERY: dict[str, Card] = {
    "one line": Card("No pulses until Sunday 7 March. Write “resume” to have them back sooner."),
    "a text with everything": Card(
        "**Day 6, 7:30.** One thing needs you:\n- *Paper lists* [x](y) <b>\n\nThe rest\nis fine."
    ),
    "a pulse": Card(
        "Day 4 with Northstar. Three quick ones, then you're done.",
        fields=(
            Field("ease", "I got through my work today about as well as before.", SCALE),
            Field(
                "route",
                "Did you go around it?",
                (Choice("paper", "Paper"), Choice("a,b", "Two, with a comma")),
                several=True,
            ),
            Field("more", "Anything else?", hint="Optional. No patient details, please."),
        ),
        actions=(Action("answer", "Send", submits=True, primary=True), Action("ask", "Ask something anonymously")),
        note="Your lead sees results for groups of 5 or more, never who said what.",
        ref="pulse-1",
    ),
    "a set-up": Card(
        "Who is it for?",
        fields=(
            Field("date", "When does it go live?", kind="date", value="2027-03-01"),
            Field("at", "Digest at", kind="time", value="07:30"),
            Field("lead", "Who leads it?", kind="person", hint="Somebody in your organisation."),
            Field("team", "Which team?", kind="group", several=True),
            Field("zone", "Where?", tuple(Choice(f"z{n}", f"Place {n}") for n in range(20)), value="z3"),
            Field("name", "What is it called?", max_length=60, optional=False),
        ),
        actions=(Action("next", "Next", submits=True, primary=True),),
        ref="new:7",
    ),
    "a digest": Card(
        "**Day 6.** Nothing needs you today.",
        actions=tuple(Action(f"do-{number}", f"Thing {number}") for number in range(7)),
        pictures=(TREND, RATES, GROUPED),
        links=(Link("Open the dashboard", "https://pulse.example.org/dashboard"),),
        ref="digest:6",
    ),
    "the longest answers": Card(
        "Questions of your colleagues:\n\n" + "\n\n".join(f"**{n}** " + "why " * 300 for n in range(60))
    ),
}
