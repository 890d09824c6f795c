"""The public method: from counts per institution and stratum to rates, ranges and ranks.

The package itself is light; every module but ``values`` loads numpy and is reached from the upper
floors only through ``portal.publication.compute``. ``docs/method.md`` explains the formulas.
"""

METHOD_VERSION = "1"
"""Changes with every change that can move a published figure; editions carry it."""
LEVEL_SD, SPREAD_SCALE = 1.5, 1.0
"""The priors on the logit scale: standard deviation of a stratum's level α around the pooled logit,
scale of the half-normal of the spread τ between institutions."""
