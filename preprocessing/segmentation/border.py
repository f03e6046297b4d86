"""Regions at the picture's edge -> without lines and fragments that the edge cuts."""

from preprocessing.components import WHOLE_MIN, Region, border_distances, digit_height

NEAR_EDGE = 0.04  # of the picture's short side: a bar so near to its edge is no digit


def is_edge_line(region: Region, shape: tuple[int, ...]) -> bool:
    """Whether a region is a bar along the picture's edge, as of a table that the edge cuts."""
    near = NEAR_EDGE * min(shape)
    vertical = region.x <= near or region.x + region.w >= shape[1] - near
    horizontal = region.y <= near or region.y + region.h >= shape[0] - near
    return (vertical and region.is_upright_bar) or (horizontal and region.is_flat_bar)


def drop_border_regions(regions: list[Region], shape: tuple[int, ...]) -> list[Region]:
    """Leave out digits that the picture's edge cuts and of which it shows only a part."""
    whole = WHOLE_MIN * digit_height(regions)
    # Of a cut region at most a pixel at the edge may be missing in the mask.
    return [r for r in regions if min(border_distances(r, shape)) > 1 or max(r.w, r.h) >= whole]
