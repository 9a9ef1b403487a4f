"""The commands of `n1 purchases` that print figures, by their names; each has its options and its words where it is written."""

from collections.abc import Callable

from app.cli import backtest, movement, repeat, scores, stop_points

COMMANDS: dict[str, Callable[..., None]] = {
    "cohorts": repeat.cohorts,
    "repeat": repeat.repeat,
    "value": repeat.value,
    "movement": movement.movement,
    "stop-points": stop_points.stop_points,
    "survival": stop_points.survival,
    "surplus": stop_points.surplus,
    "backtest": backtest.backtest,
    "scores": scores.scores,
    "layers": scores.layers,
    "thresholds": scores.thresholds_command,
}
