"""Nonlinear maps of the latent codes to the plane: what they have in common, whichever method draws them."""

from collections.abc import Callable, Iterator

import numpy as np
from sklearn.decomposition import PCA
from threadpoolctl import threadpool_limits

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.latent_scatter import scatter_figure
from aeexp.reports.plotting import draw_points, frame
from aeexp.tracking.artifacts import Artifact, FigureArtifact

COMPONENTS = 50
"""Principal components that larger codes are reduced to first, as van der Maaten and Hinton recommend."""

LEAST_CODES = 5

CAPTION = "A map on which images with similar codes lie near one another. Only neighborhoods mean something: \
distances between groups, their sizes and the axes do not."


def check_images(images: int) -> None:
    """Refuse fewer images than a map can be drawn of.

    Raises:
        ConfigError: naming the least number.
    """
    if images < LEAST_CODES:
        raise ConfigError(f"`images` must be at least {LEAST_CODES}. Received images={images}.")


def code_map(
    name: str,
    method: str,
    evaluation: EvaluationResult,
    images: int,
    seed: int,
    to_plane: Callable[[np.ndarray], np.ndarray],
) -> Iterator[Artifact]:
    """The figure of a map, its points colored by class; nothing for fewer than five codes and for codes all alike.

    Args:
        name: of the figure.
        method: as its title names it.
        evaluation: whose codes are mapped; those that are not finite are left out.
        images: number of test images (the first ones).
        seed: of the reduction of large codes by PCA.
        to_plane: codes [N, D] to points [N, 2].
    """
    codes = evaluation.codes[:images]
    codes = codes.reshape(len(codes), -1)
    kept = np.isfinite(codes).all(axis=1)
    labels = None if evaluation.labels is None else evaluation.labels[: len(codes)][kept]
    codes = codes[kept]
    if len(codes) < LEAST_CODES or np.ptp(codes, axis=0).max() == 0:
        return
    if min(codes.shape) > COMPONENTS:
        codes = PCA(COMPONENTS, random_state=seed).fit_transform(codes)
    with threadpool_limits(1):  # its threads wait for one another longer than they compute
        points = to_plane(codes)
    figure = scatter_figure(f"{method} map of the codes of {len(codes):,} test images", evaluation, len(kept))
    axes = figure.subplots()
    draw_points(axes, points, labels, evaluation.class_names, contours=False)
    axes.set_aspect("equal", "datalim")
    frame(axes)
    yield FigureArtifact(name, figure, CAPTION)
