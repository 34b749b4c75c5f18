import pytest
from statsmodels.stats.proportion import proportion_confint

from second_reader_trainer.wilson import wilson_interval


@pytest.mark.parametrize(("successes", "trials"), [(3, 7), (150, 186), (1, 1000), (59, 60)])
@pytest.mark.parametrize("confidence", [0.9, 0.95])
def test_agrees_with_statsmodels(successes: int, trials: int, confidence: float):
    expected = proportion_confint(successes, trials, alpha=1 - confidence, method="wilson")
    assert wilson_interval(successes, trials, confidence) == pytest.approx(expected, rel=1e-12)


def test_stays_within_zero_and_one_and_is_none_of_nothing():
    low, high = wilson_interval(0, 12)
    assert (low, high < 0.25) == (0, True)
    low, high = wilson_interval(12, 12)
    assert (low > 0.75, high) == (True, 1)
    assert wilson_interval(0, 0) is None
