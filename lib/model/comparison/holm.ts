/**
 * Holm's adjustment of p-values that are looked at together, one for each finding class: a class whose adjusted
 * p-value is below 0.05 may be called different, and the chance of calling any class different that is not stays
 * below 0.05. With p₍₁₎ ≤ … ≤ p₍ₘ₎: max over i ≤ k of min(1, (m − i + 1) p₍ᵢ₎).
 * Undefined p-values (null: a class without images) stay undefined and do not count in m.
 *
 * Source: Holm, Scandinavian Journal of Statistics 1979, 6:65.
 * Example: 0.01, 0.04, 0.03 → 0.03, 0.06, 0.06
 */
export function holmAdjusted(pValues: readonly (number | null)[]): (number | null)[] {
  const ascending = pValues
    .map((p, index) => ({ p, index }))
    .filter((each): each is { p: number; index: number } => each.p !== null)
    .sort((a, b) => a.p - b.p)
  const adjusted: (number | null)[] = pValues.map(() => null)
  let largest = 0
  ascending.forEach(({ p, index }, rank) => {
    largest = Math.max(largest, Math.min(1, (ascending.length - rank) * p))
    adjusted[index] = largest
  })
  return adjusted
}
