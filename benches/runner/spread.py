"""Medians and spreads of a few numbers."""

import statistics


def spread(values):
    """Median, extremes and quartiles; the quartiles of two or fewer values are their extremes."""
    low, high = min(values), max(values)
    quartiles = statistics.quantiles(values, n=4, method="inclusive") if len(values) > 2 else [low, 0, high]
    return {
        "median": statistics.median(values), "minimum": low, "maximum": high,
        "lower_quartile": quartiles[0], "upper_quartile": quartiles[2],
    }


def percentile(values, share):
    """The value below which this share of all lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
