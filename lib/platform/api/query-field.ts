import { z } from 'zod'

/** Query values are text; these schemas turn them into what the handler wants and describe that in OpenAPI. */

/** A whole number within bounds; `NaN`, `1e9`, `0x10` and `10; drop` are refused. */
export function queryInteger(bounds: { min: number; max: number }) {
  return z
    .string()
    .regex(/^-?\d{1,15}$/, 'is not a whole number')
    .transform(Number)
    .pipe(z.int().min(bounds.min).max(bounds.max))
    .meta({ type: 'integer', minimum: bounds.min, maximum: bounds.max })
}

/** A finite decimal number within bounds. */
export function queryNumber(bounds: { min: number; max: number }) {
  return z
    .string()
    .regex(/^-?\d{1,15}(\.\d{1,17})?(e-?\d{1,2})?$/, 'is not a number')
    .transform(Number)
    .pipe(z.number().min(bounds.min).max(bounds.max))
    .meta({ type: 'number', minimum: bounds.min, maximum: bounds.max })
}

/** `true` or `false`. */
export function queryBoolean() {
  return z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .meta({ type: 'boolean' })
}

/** An instant with its offset (`2026-11-01T00:00:00Z`, `…+01:00`) in the years 1900–2200. */
export function queryInstant() {
  return z.iso
    .datetime({ offset: true, error: 'is not an instant with an offset, like 2026-11-01T00:00:00Z' })
    .transform((text) => new Date(text))
    .refine((date) => date.getUTCFullYear() >= 1900 && date.getUTCFullYear() <= 2200, 'is out of range')
    .meta({ type: 'string', format: 'date-time' })
}
