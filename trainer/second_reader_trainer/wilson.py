"""Wilson's score interval for a proportion."""

import math
from statistics import NormalDist


def wilson_interval(
    successes: int, trials: int, confidence: float = 0.95
) -> tuple[float, float] | None:
    """Low and high end for `successes` of `trials`; None where nothing was tried.

    With p = x/n and z the normal quantile (1.96 for 95 %):
    (p + z²/2n ± z·sqrt(p(1 − p)/n + z²/4n²)) / (1 + z²/n)   (Wilson, JASA 1927)
    """
    if trials == 0:
        return None
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = successes / trials
    centre = share + z * z / (2 * trials)
    reach = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    # At 0 and n of n the ends are 0 and 1 exactly; rounding must not step over them.
    return max(0.0, (centre - reach) / scale), min(1.0, (centre + reach) / scale)
