"""Whom to tell of an alert, and when: the settings' destinations and the teams' own."""

from collections.abc import Mapping
from datetime import datetime

from agent.domain.alerts import Alert, AlertKind, Line, Weight
from agent.domain.brand import BrandPack
from agent.domain.brand.escalation import Team
from agent.domain.destinations import AnyDestination, EmailDestination, split_address
from agent.domain.ids import BrandId
from agent.steps.triage.opening_hours import OpeningHours
from knowledge.passages import Language


class Addressing:
    """Reads the guides as they are now."""

    def __init__(
        self,
        destinations: Mapping[str, AnyDestination],
        packs: Mapping[BrandId, BrandPack],
        desk_url: str,
    ) -> None:
        self._destinations = destinations
        self._packs = packs
        self.desk_url = desk_url

    def of(self, alert: Alert, now: datetime) -> tuple[tuple[str, datetime], ...]:
        """Return each address to tell and the earliest moment to do so."""
        own = (team.notify if (team := self._team(alert)) else ()) or ()
        wanted = [one for one in own if split_address(one)[0] in self._destinations]
        wanted += [
            name
            for name, given in self._destinations.items()
            if given.is_default and _fits(given, alert)
        ]
        not_before = self._not_before(alert, now)
        return tuple(
            (address, not_before)
            for address in dict.fromkeys(one for each in wanted for one in self.each(each))
            if self._is_wanted(address, alert)
        )

    def each(self, address: str) -> tuple[str, ...]:
        """Return the addresses behind one: a mail each person gets is sent and kept on its own."""
        name, target = split_address(address)
        given = self._destinations.get(name)
        if target or not isinstance(given, EmailDestination):
            return (address,)
        return tuple(f"{name}:{to}" for to in given.to)

    def _is_wanted(self, address: str, alert: Alert) -> bool:
        # What cannot be reached cannot be told that it is not.
        if alert.kind is AlertKind.NOTICE_DEAD and alert.subject == address:
            return False
        also = self._destinations[split_address(address)[0]].also
        return not alert.kind.is_routine or alert.kind in also

    def _not_before(self, alert: Alert, now: datetime) -> datetime:
        team = self._team(alert)
        if alert.weight is not Weight.LOW or team is None:
            return now
        return OpeningHours(team, self._zone(alert)).next_open(now)

    def line(self, alert: Alert, text: str = "") -> Line:
        """Return the alert with the names and the link that a message shows."""
        pack, team = self._pack(alert), self._team(alert)
        place = f"?item={alert.item_id}" if alert.item_id else ""
        return Line(
            alert=alert,
            brand=pack.policy.brand.name if pack else "",
            team=team.name if team else "",
            zone=(team.time_zone if team else "") or self._zone(alert),
            link=f"{self.desk_url}/{place}",
            text=text,
        )

    def shows_text(self, address: str) -> bool:
        """Whether a message to this address has the customer's words, redacted."""
        given = self._destinations.get(split_address(address)[0])
        return given is not None and given.with_text

    def digest_seconds(self, address: str) -> int:
        """Return the least between two messages that are not urgent."""
        given = self._destinations.get(split_address(address)[0])
        return given.digest_seconds if given else 0

    def language(self, address: str, alert: Alert) -> Language:
        """Return the destination's language, or the team's, or the brand's."""
        given = self._destinations.get(split_address(address)[0])
        pack, team = self._pack(alert), self._team(alert)
        if given is not None and given.language is not None:
            return given.language
        if team is not None and team.language is not None:
            return team.language
        return pack.policy.default_language if pack else Language.FR

    def _pack(self, alert: Alert) -> BrandPack | None:
        if alert.brand_id is None and len(self._packs) == 1:
            return next(iter(self._packs.values()))
        return self._packs.get(alert.brand_id) if alert.brand_id else None

    def _team(self, alert: Alert) -> Team | None:
        pack = self._pack(alert)
        return pack.policy.escalation.team(alert.team) if pack and alert.team else None

    def _zone(self, alert: Alert) -> str:
        pack = self._pack(alert)
        return pack.policy.brand.time_zone if pack else "UTC"


def _fits(given: AnyDestination, alert: Alert) -> bool:
    is_brand = not given.brands or alert.brand_id is None or alert.brand_id in given.brands
    return is_brand and (not given.teams or alert.team in given.teams)
