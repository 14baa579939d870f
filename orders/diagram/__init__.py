"""The picture of a routine, drawn from its definition: roles as lanes, states from top to bottom, steps as boxes."""

from orders.diagram.figures import Figure, Figures, figures_of
from orders.diagram.graph import Graph, graph_of
from orders.diagram.in_words import in_words
from orders.diagram.layout import draw
from orders.diagram.marks import Marks, marks_of
from orders.diagram.shapes import Picture

__all__ = [
    "Figure", "Figures", "Graph", "Marks", "Picture", "draw", "figures_of", "graph_of", "in_words", "marks_of",
]  # fmt: skip
