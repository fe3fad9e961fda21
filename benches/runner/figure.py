"""One figure: what was measured in each pair, and whether it keeps its bound."""

import dataclasses

from runner.spread import spread


@dataclasses.dataclass
class Figure:
    """A ratio of Doorward to its baseline, or a plain value where there is no baseline.

    `baseline` and `doorward` hold one value per pair; `problems` what makes the figure worthless,
    such as replies that were errors; `notes` whatever else was counted. Peers have no bound.
    """

    name: str
    title: str
    unit: str
    bound: float | None
    aim: float | None
    at_least: bool = True
    baseline: list = dataclasses.field(default_factory=list)
    doorward: list = dataclasses.field(default_factory=list)
    problems: list = dataclasses.field(default_factory=list)
    notes: dict = dataclasses.field(default_factory=dict)

    def add(self, doorward, baseline=None):
        """One pair more."""
        self.doorward.append(doorward)
        if baseline is not None:
            self.baseline.append(baseline)

    def measured(self):
        """What the bound is about, one value per pair."""
        if self.baseline:
            return [ours / theirs if theirs else 0.0 for ours, theirs in zip(self.doorward, self.baseline)]
        return self.doorward

    def problem(self, text):
        """Notes once what makes the figure worthless."""
        if text not in self.problems:
            self.problems.append(text)

    def as_json(self):
        """Everything, with the sums that the table shows."""
        result = spread(self.measured())
        return dataclasses.asdict(self) | {
            "kind": "ratio" if self.baseline else "value", "result": result,
            "holds": self.keeps(self.bound, result["median"]), "reaches_aim": self.keeps(self.aim, result["median"]),
        }

    def keeps(self, limit, median):
        """Whether the median keeps a limit, if there is one; nothing does that is worthless."""
        if self.problems:
            return False
        return limit is None or (median >= limit if self.at_least else median <= limit)
