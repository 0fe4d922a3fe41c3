"""The figures of an installation and of this process, and its health, for Prometheus."""

from agent.adapters.metrics.figures import Figures
from agent.adapters.metrics.server import FigureServer

__all__ = ["FigureServer", "Figures"]
