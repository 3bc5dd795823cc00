"""The app registrations that the bot speaks as: one a tenant, each with a secret or a managed identity."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Registration:
    """One app in one tenant. New bots are single-tenant; Microsoft takes no others since July 2025."""

    app_id: str  #: "" for development on one machine: nothing is signed
    tenant: str
    secret: str = field(default="", repr=False)
    identity: Literal["secret", "managed"] = "secret"

    @property
    def is_signed(self) -> bool:
        return bool(self.app_id)


class Registrations:
    """All registrations of an installation; with none, whoever writes from this machine is believed."""

    def __init__(self, registrations: Iterable[Registration] = ()) -> None:
        self.all = tuple(registrations)
        self._by_app = {one.app_id: one for one in self.all}
        self._by_tenant = {one.tenant: one for one in self.all}

    @property
    def are_signed(self) -> bool:
        return bool(self.all)

    @property
    def apps(self) -> frozenset[str]:
        return frozenset(self._by_app)

    def of_app(self, app_id: str) -> Registration | None:
        return self._by_app.get(app_id)

    def of_tenant(self, tenant: str) -> Registration | None:
        """The registration of a tenant; of "", which files write, the only one there is."""
        if not self.are_signed:
            return Registration("", tenant)
        if not tenant and len(self.all) == 1:
            return self.all[0]
        return self._by_tenant.get(tenant)
