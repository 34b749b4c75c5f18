import { createHash } from 'node:crypto'
import { ServiceError } from '#lib/platform/errors.ts'
import type { GateRules } from './schema.ts'

/** By what the service's gate decides; a caller changes none of it. */
export type GateSettings = { rules: GateRules; seed: number; resamples: number }

/** Names these settings: a decision that is read later shows by which it was made. */
export function gateVersion({ rules, seed, resamples }: GateSettings): string {
  const { accuracyFloor, nonInferiorityMargin, mustNotMiss, minimumImages, minimumClassImages } = rules
  const classes = [...mustNotMiss].sort()
  const all = [
    accuracyFloor,
    nonInferiorityMargin,
    classes,
    minimumImages,
    minimumClassImages,
    seed,
    resamples,
  ]
  return createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 12)
}

/** The service's rules, or what a caller would see them changed to. Refused where the caller names an unknown class. */
export function completeRules(
  own: GateRules,
  stated: { [Rule in keyof GateRules]?: GateRules[Rule] | undefined },
  classes: readonly string[],
): { rules: GateRules; areStated: boolean } {
  const given = Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== undefined))
  if (Object.keys(given).length === 0) return { rules: own, areStated: false }
  const rules: GateRules = { ...own, ...given }
  const unknown = (stated.mustNotMiss ?? []).filter((name) => !classes.includes(name))
  if (unknown.length > 0)
    throw new ServiceError(
      'UNPROCESSABLE',
      `mustNotMiss: neither version predicts the finding class ${unknown.map((name) => JSON.stringify(name)).join(', ')}.`,
      { code: 'UNKNOWN_CLASS', details: { findingClasses: unknown } },
    )
  return { rules: { ...rules, mustNotMiss: [...new Set(rules.mustNotMiss)] }, areStated: true }
}
