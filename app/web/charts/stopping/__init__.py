"""Geometry of the figures of stopping: the matrix of stop points, the steps of survival, the bars of surplus."""
