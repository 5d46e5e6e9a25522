"""Rule factories: groups of rules that share a mount point, a subdomain, an endpoint prefix or a template.

A factory yields fresh, unbound rules for a map. It looks at rules only through their attributes and ``empty()``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .map import Map
    from .rules import Rule


class RuleFactory:
    """Base of everything that can be added to a map."""

    def get_rules(self, map: Map) -> Iterable[Rule]:
        """Return unbound rules for a map; the same factory may be asked several times.

        :raises NotImplementedError: A subclass must override this.
        """
        raise NotImplementedError(f"{type(self).__name__} must override get_rules()")


class Subdomain(RuleFactory):
    """Puts rules under a subdomain.

    :param subdomain: The subdomain; may hold variables.
    :param rules: Rules or factories.
    """

    def __init__(self, subdomain: str, rules: Iterable[RuleFactory]) -> None:
        self.subdomain = subdomain
        self.rules = rules

    def get_rules(self, map: Map) -> Iterator[Rule]:
        """Yield copies of the rules with the subdomain set."""
        for rule in _flatten(self.rules, map):
            rule.subdomain = self.subdomain
            yield rule


class Submount(RuleFactory):
    """Puts rules below a path.

    :param path: The path in front; its trailing slash doesn't matter.
    :param rules: Rules or factories.
    """

    def __init__(self, path: str, rules: Iterable[RuleFactory]) -> None:
        self.path = path.rstrip("/")
        self.rules = rules

    def get_rules(self, map: Map) -> Iterator[Rule]:
        """Yield copies of the rules with the path in front."""
        for rule in _flatten(self.rules, map):
            rule.rule = self.path + rule.rule
            yield rule


class EndpointPrefix(RuleFactory):
    """Puts a prefix in front of the endpoints (which must be strings).

    :param prefix: The prefix.
    :param rules: Rules or factories.
    """

    def __init__(self, prefix: str, rules: Iterable[RuleFactory]) -> None:
        self.prefix = prefix
        self.rules = rules

    def get_rules(self, map: Map) -> Iterator[Rule]:
        """Yield copies of the rules with prefixed endpoints."""
        for rule in _flatten(self.rules, map):
            rule.endpoint = f"{self.prefix}{rule.endpoint}"
            yield rule


class RuleTemplate:
    """Rules with ``$name`` placeholders (:class:`string.Template`) in text, endpoint, subdomain and text defaults.

    Calling the template with values gives a factory of the filled-in rules.

    :param rules: The rules to copy.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = list(rules)

    def __call__(self, *args: Any, **kwargs: Any) -> RuleTemplateFactory:
        """Fill in the placeholders.

        :param args: Mappings or pairs, as for :class:`dict`.
        :param kwargs: Single values.
        """
        return RuleTemplateFactory(self.rules, dict(*args, **kwargs))


class RuleTemplateFactory(RuleFactory):
    """A template together with its values.

    :param rules: Rules or factories with placeholders.
    :param context: The values.
    """

    def __init__(self, rules: Iterable[RuleFactory], context: dict[str, Any]) -> None:
        self.rules = rules
        self.context = context

    def _fill(self, value: Any) -> Any:
        from string import Template  # noqa: PLC0415 - for templates only

        return Template(value).substitute(self.context) if isinstance(value, str) else value

    def get_rules(self, map: Map) -> Iterator[Rule]:
        """Yield copies of the rules with the placeholders filled in.

        :raises KeyError: A placeholder has no value.
        """
        for rule in _flatten(self.rules, map):
            if rule.defaults:
                rule.defaults = {key: self._fill(value) for key, value in rule.defaults.items()}
            rule.rule = self._fill(rule.rule)
            rule.subdomain = self._fill(rule.subdomain)
            rule.endpoint = self._fill(rule.endpoint)
            yield rule


def _flatten(rules: Iterable[RuleFactory], map: Map) -> Iterator[Rule]:
    for factory in rules:
        for rule in factory.get_rules(map):
            yield rule.empty()
