"""The filters of a caller beside the limits that a question's own words set."""

from __future__ import annotations

from askarticles.datatypes import Filters
from askarticles.errors import UsageError
from askarticles.reading.dates import date_bounds, parse_bound
from askarticles.store import filter_clause


def readable(filters: Filters) -> Filters:
    """The filters with dates in ISO form; UsageError when they cannot be read or exclude all."""
    filter_clause(filters)
    since = parse_bound(filters.since) if filters.since else ""
    until = parse_bound(filters.until) if filters.until else ""
    if since and until and date_bounds(since)[0] > date_bounds(until)[1]:
        raise UsageError(f"nothing lies between {since} and {until}: the first is the later one")
    return Filters(since, until, filters.source.strip())


def both(filters: Filters, limits: Filters) -> Filters:
    """The filters with a question's own limits where those leave room for them."""
    joined = Filters(
        _narrower(filters.since, limits.since, later=True),
        _narrower(filters.until, limits.until, later=False),
        filters.source or limits.source,
    )
    try:
        return readable(joined)
    except UsageError:
        return filters


def applied(filters: Filters, within: Filters) -> Filters:
    """What `within` limits beyond the filters."""
    return Filters(
        within.since if within.since != filters.since else "",
        within.until if within.until != filters.until else "",
        within.source if within.source != filters.source else "",
    )


def _narrower(one: str, other: str, *, later: bool) -> str:
    if not (one and other):
        return one or other
    first, second = (date_bounds(bound)[0 if later else 1] for bound in (one, other))
    return one if (first >= second) == later else other


def fewer(limits: Filters) -> list[Filters]:
    """The limits without days, without the outlet, without any."""
    steps = [Filters(source=limits.source), Filters(limits.since, limits.until), Filters()]
    return [kept for kept in dict.fromkeys(steps) if kept != limits]
