"""The commands of `n1 purchases` that print figures, by their names; each has its options and its words where it is written."""

from collections.abc import Callable

from app.cli import backtest, movement, overview, repeat, scores, stop_points

COMMANDS: dict[str, Callable[..., None]] = {
    "overview": overview.overview,
    "count-elapsed": overview.count_elapsed,
    "cohorts": repeat.cohorts,
    "repeat": repeat.repeat,
    "value": repeat.value,
    "movement": movement.movement,
    "stop-points": stop_points.stop_points,
    "survival": stop_points.survival,
    "surplus": stop_points.surplus,
    "returning": backtest.returning,
    "backtest": backtest.backtest,
    "scores": scores.scores,
    "layers": scores.layers,
    "thresholds": scores.thresholds_command,
}
