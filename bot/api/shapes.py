"""What the API answers, field by field; the OpenAPI document is made from here."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from bot.insight.published import Figure as Published


class GoLive(BaseModel):
    name: str
    organisation: str
    system: str
    date: date
    timezone: str
    day: int = Field(description="Days from the go-live; negative before it")
    phase: str | None = Field(description="The phase of the plan on this day; null before, between and after them")
    group_minimum: int


class Figure(BaseModel):
    """One group in one measure of one pulse, exactly as the pages show it."""

    date: date
    measure: str = Field(description='answered, a pillar, knowledge, in_system, or "route:" and a way round')
    group: str | None = Field(description="A team, or teams that are read together; null for everybody")
    said: Literal["exact", "most", "some", "band", "hidden"]
    asked: int = Field(description="People who could answer")
    answered_at_least: int | None = Field(description="For the measure answered")
    answered_at_most: int | None
    band: Literal["few", "some", "half", "many", "most"] | None = Field(description="Of those who answered")
    share_at_least: float | None = Field(description="95 % interval of the share, 0 to 1, by the band alone")
    share_at_most: float | None

    @classmethod
    def of(cls, figure: Published, groups: dict[int, str]) -> "Figure":
        return cls(
            date=figure.on,
            measure=figure.measure or "answered",
            group=groups[figure.stratum_id] if figure.stratum_id is not None else None,
            said=figure.said,
            asked=figure.asked,
            answered_at_least=figure.low,
            answered_at_most=figure.high,
            band=figure.band,
            share_at_least=round(figure.least, 3) if figure.least is not None else None,
            share_at_most=round(figure.largest, 3) if figure.largest is not None else None,
        )


class Alert(BaseModel):
    number: int
    kind: str
    group: str
    route: str | None = Field(description="For a way round")
    state: Literal["raised", "acknowledged", "acted_on", "sanctioned", "closed", "dismissed"]
    raised_on: date
    since: date
    settled_on: date | None
    because: str = Field(description="The evidence in one sentence, as the leads read it")


class Pulse(BaseModel):
    date: date
    day: int
    phase: str
    asks_about: list[str]


class Problem(BaseModel):
    detail: str
