/**
 * The probability of exactly k successes in n trials: C(n, k) p^k (1−p)^(n−k).
 * Loader's form: a Stirling approximation with its error term plus two deviances, which keeps full relative
 * precision where factorials overflow and log-gamma differences cancel (n = 10⁶ and beyond).
 * Domain: whole 0 ≤ k ≤ n; 0 < p < 1. Range 0–1.
 *
 * Source: Loader, "Fast and accurate computation of binomial probabilities", 2000 (as used by R's dbinom).
 * Example: k = 3, n = 10, p = 0.5 → 120/1024 = 0.1171875
 */
export function binomialProbability(k: number, n: number, p: number): number {
  if (k === 0) return Math.exp(n * Math.log1p(-p))
  if (k === n) return Math.exp(n * Math.log(p))
  const exponent =
    stirlingError(n) -
    stirlingError(k) -
    stirlingError(n - k) -
    devianceTerm(k, n * p) -
    devianceTerm(n - k, n * (1 - p))
  return Math.exp(exponent) * Math.sqrt(n / (2 * Math.PI * k * (n - k)))
}

/** ln n! − ln(√(2πn) (n/e)ⁿ). The series is exact to float64 from n = 16; below, the factorial itself is. */
function stirlingError(n: number): number {
  if (n < 16) {
    let factorial = 1
    for (let i = 2; i <= n; i++) factorial *= i
    return Math.log(factorial) - (n + 0.5) * Math.log(n) + n - 0.5 * Math.log(2 * Math.PI)
  }
  const square = n * n
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / n
}

/** x ln(x/m) + m − x without cancellation for x near m, by the series in (x − m) / (x + m). */
function devianceTerm(x: number, m: number): number {
  if (Math.abs(x - m) >= 0.1 * (x + m)) return x * Math.log(x / m) + m - x
  const v = (x - m) / (x + m)
  let sum = (x - m) * v
  let power = 2 * x * v
  for (let j = 1; ; j++) {
    power *= v * v
    const next = sum + power / (2 * j + 1)
    if (next === sum) return sum
    sum = next
  }
}
