"""The one sentence in which a signal says what it stands on."""

from dataclasses import dataclass
from datetime import date

from analytics.routes import PLAIN
from analytics.signals import Evidence

LEAST = 5  # no smaller group is named, and larger ones neither where a go-live asks for more

#: what x out of n did, for each stream
DID = {
    "nonresponse": "pulses stayed unanswered",
    "wrong": "knowledge checks got a wrong first step",
    "fine_but_wrong": "knowledge checks got a wrong first step from people who said they felt sure",
    "flat": "answers gave every item the same high mark",
    "not_sure": "answers were “not sure”",
    "low": "answers said it was hard going",
    "self_above_peers": "answers put “I know what to do” well above “my colleagues know”",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One stream's evidence, and the same for the other teams together."""

    evidence: Evidence
    others_observed: int
    others_n: int


def confusion_sentence(findings: tuple[Finding, ...], *, since: date, least: int = LEAST) -> str:
    """Say the one or two strongest findings in a sentence; a group under `least` is never named."""
    told = [finding for finding in findings if finding.evidence.n >= least and finding.evidence.share > 0][:2]
    if not told:
        return f"Small signs have added up since {day(since)}; each alone is too small to show."
    return f"Since {day(since)}, {' and '.join(_clause(finding, least) for finding in told)}."


def workaround_sentence(finding: Finding, route: str, *, since: date, least: int = LEAST) -> str:
    """Say how often a route was reported as new, and how often that would be usual."""
    evidence = finding.evidence
    if evidence.n < least:
        return f"Since {day(since)}, {PLAIN.get(route, route)} is being named as a new way round more than usual."
    return (
        f"Since {day(since)}, {of(evidence.observed, evidence.n)} answers named {PLAIN.get(route, route)} as a new "
        f"way round, where {about(evidence.expected)} would be usual{_others(finding, least)}."
    )


def rule_sentence(score: float, limit: float, *, on: date) -> str:
    """Say what a rule of today says: a number of its own over a limit, and nothing that it stands on."""
    return f"On {day(on)} the score was {score:.1f}, where {limit:.1f} is the limit."


def of(x: int, n: int) -> str:
    """Say x of n; never everybody and never nobody, because both tell what each one said."""
    if x <= 0:
        return f"hardly any of {n}"
    return f"most of {n}" if x >= n else f"{x} of {n}"


def about(expected: float) -> str:
    """Say an expected count in words that do not pretend to be exact."""
    return "fewer than 1" if round(expected) < 1 else f"about {round(expected)}"


def day(when: date) -> str:
    """Say a day the same way everywhere, whatever the machine's language."""
    return f"{when.day} {MONTHS[when.month - 1]}"


MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip


def _clause(finding: Finding, least: int) -> str:
    evidence = finding.evidence
    return (
        f"{of(evidence.observed, evidence.n)} {DID[evidence.stream]} where {about(evidence.expected)} "
        f"would be usual{_others(finding, least)}"
    )


def _others(finding: Finding, least: int) -> str:
    if finding.others_n < least:
        return ""
    return f" (other teams: {of(finding.others_observed, finding.others_n)})"
