import { formatRatio } from './ratio.ts'

/** A probability in percent; what would round to nothing or to everything says so: "<0.1%", ">99.9%". */
export function formatProbability(probability: number | null): string {
  if (probability !== null && probability > 0 && probability < 0.0005) return '<0.1%'
  if (probability !== null && probability < 1 && probability >= 0.9995) return '>99.9%'
  return formatRatio(probability)
}
