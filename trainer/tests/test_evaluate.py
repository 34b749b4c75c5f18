import numpy as np
import pytest

from second_reader_trainer.evaluate import as_distribution, softmax


def test_probabilities_are_made_to_sum_to_one_as_the_evaluator_does() -> None:
    values = np.array([0.2502, 0.25, 0.5], np.float32).astype(np.float64)
    assert as_distribution(values).sum() == pytest.approx(1, abs=1e-15)
    assert as_distribution(values)[2] == pytest.approx(0.5 / 1.0002, rel=1e-7)


@pytest.mark.parametrize("values", [[0.5, 0.6], [-0.1, 1.1], [np.nan, 1.0], [np.inf, 0.0]])
def test_what_is_no_distribution_is_no_prediction(values: list[float]) -> None:
    assert not np.isfinite(as_distribution(np.array(values))).any()


def test_large_logits_do_not_overflow() -> None:
    assert softmax(np.array([1000.0, 1000.0])).tolist() == [0.5, 0.5]


def test_probabilities_of_eight_bits_may_be_off_by_half_a_step_for_each_class() -> None:
    nine = np.full(9, 1 / 9)
    for total, taken in [(1 + 8.9 / 512, True), (1 - 8.9 / 512, True), (1 + 9.1 / 512, False)]:
        assert np.isfinite(as_distribution(nine * total)).all() == taken
    assert as_distribution(np.array([-1e-7, 0.5, 0.5])).tolist() == [0, 0.5, 0.5]
    assert np.isnan(as_distribution(np.array([-1e-3, 0.5, 0.501]))).all()
