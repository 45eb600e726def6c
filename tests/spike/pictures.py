"""Pictures as SVG that are the same, byte for byte, from run to run."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

Points = tuple[Sequence[float], Sequence[float]]


def bars(path: Path, title: str, groups: Mapping[str, Sequence[float]], labels: Sequence[str]) -> None:
    """Draw one group of bars for each name, one bar for each label, on a scale that shows 0 and thousands."""
    figure, [axes] = _figure(title, 1)
    height = 0.8 / len(labels)
    for turn, label in enumerate(labels):
        places = [place + turn * height for place in range(len(groups))]
        drawn = axes.barh(places, [values[turn] for values in groups.values()], height, label=label)
        axes.bar_label(drawn, fmt="%.0f", padding=2, fontsize=7)
    axes.set_xscale("symlog", linthresh=1)
    axes.set_yticks([place + 0.4 - height / 2 for place in range(len(groups))], list(groups))
    axes.invert_yaxis()
    axes.margins(x=0.15)
    axes.set_xlabel("seconds")
    axes.legend()
    _save(figure, path)


def lines(path: Path, title: str, panels: Mapping[str, Mapping[str, Points]], *, across: str) -> None:
    """Draw for each panel's name one line for each series' name, one panel below the other."""
    figure, found = _figure(title, len(panels))
    for axes, (name, series) in zip(found, panels.items(), strict=True):
        for label, (xs, ys) in series.items():
            axes.plot(xs, ys, label=label, linewidth=1)
        axes.set_ylabel(name)
        axes.set_yscale("symlog", linthresh=1)
    found[-1].set_xlabel(across)
    found[0].legend(fontsize=7)
    _save(figure, path)


def _figure(title: str, panels: int) -> tuple[Figure, list[Axes]]:
    figure = Figure(figsize=(8, 1.5 + 2.8 * panels), layout="constrained")
    figure.suptitle(title)
    return figure, [figure.add_subplot(panels, 1, place) for place in range(1, panels + 1)]


def _save(figure: Figure, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context({"svg.hashsalt": "duredesk", "svg.fonttype": "none"}):
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
