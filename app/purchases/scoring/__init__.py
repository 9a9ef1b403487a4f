"""Scores and layers of a build: R, F, M, deciles, types, pyramid and map; the numbers behind them and who moves with them."""
