import { isIP } from 'node:net'
import { z } from 'zod'
import { parseLocation } from '#lib/platform/object-store/location.ts'

/** Settings are text of the environment; an empty one counts as not set. Faults say what would be right. */

const blankAsUnset = (value: unknown) => (value === '' ? undefined : value)

export const optional = <T extends z.ZodType>(schema: T) => z.preprocess(blankAsUnset, schema.optional())

export const withDefault = <T extends z.ZodType>(schema: T, fallback: z.input<T>) =>
  z.preprocess((value) => blankAsUnset(value) ?? fallback, schema)

/** Parts between commas, without the blanks around them. `\,` is a comma within a part: folders may have one. */
export const commaList = z.string().transform((text) =>
  text
    .split(/(?<!\\),/)
    .map((part) => part.replaceAll('\\,', ',').trim())
    .filter((part) => part !== ''),
)

/** The text from which `commaList` reads these parts. */
export const formatCommaList = (parts: readonly string[]) =>
  parts.map((part) => part.replaceAll(',', '\\,')).join(',')

/** IP addresses and subnets (`10.0.0.0/8`), comma-separated. */
export const proxyList = commaList.refine(
  (proxies) => proxies.every(isAddressOrSubnet),
  'is not a list of IP addresses and subnets, like 10.0.0.7,192.168.0.0/16',
)

function isAddressOrSubnet(text: string): boolean {
  const [address = '', length, ...rest] = text.split('/')
  const bits = { 4: 32, 6: 128 }[isIP(address)]
  if (bits === undefined || rest.length > 0) return false
  return length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= bits)
}

export const secret = z.string().min(32, 'is shorter than 32 characters')

export const logLevel = z.enum(['fatal', 'error', 'warn', 'info', 'debug'], {
  error: 'is none of fatal, error, warn, info, debug',
})

/** A number in decimal notation within [min, max]; `what` names it in the fault: "a number of seconds". */
export function decimal(what: string, { min, max }: { min: number; max: number }) {
  return z
    .string()
    .refine(
      (text) => /^\d+(\.\d+)?$/.test(text) && Number(text) >= min && Number(text) <= max,
      `is not ${what} from ${min} to ${max}`,
    )
    .transform(Number)
}

export function integer(what: string, { min, max }: { min: number; max: number }) {
  return z
    .string()
    .refine(
      (text) => /^\d{1,15}$/.test(text) && Number(text) >= min && Number(text) <= max,
      `is not ${what} from ${min} to ${max}`,
    )
    .transform(Number)
}

export const port = integer('a port', { min: 0, max: 65_535 })

/** The address of an object store, as `openObjectStore` takes it. */
export const storeLocation = z.string().superRefine((url, context) => {
  try {
    parseLocation(url)
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error)
    context.addIssue({ code: 'custom', message: `is wrong: ${fault}` })
  }
})
