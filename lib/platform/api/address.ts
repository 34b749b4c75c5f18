import { ServiceError } from '#lib/platform/errors.ts'
import { isStorableText } from './strict-json.ts'

const MAX_QUERY_PARAMETERS = 100

/** The values of a template's placeholders in an address' path; NOT_FOUND where the path has another shape. */
export function pathParameters(template: string, pathname: string): Record<string, string> {
  const wanted = segmentsOf(template)
  const given = segmentsOf(pathname)
  if (wanted.length !== given.length) throw notFound()
  const values: [string, string][] = []
  wanted.forEach((segment, index) => {
    const name = /^\{(\w+)\}$/.exec(segment)?.[1]
    const value = decode(given[index] ?? '')
    if (name !== undefined && value !== '') values.push([name, value])
    else if (segment !== value) throw notFound()
  })
  return Object.fromEntries(values)
}

/** The query's values by name; a name given twice is a list, which no schema of ours takes. */
export function queryParameters(search: string): Record<string, string | string[]> {
  const pairs = search
    .replace(/^\?/, '')
    .split('&')
    .filter((pair) => pair !== '')
  if (pairs.length > MAX_QUERY_PARAMETERS)
    throw new ServiceError(
      'BAD_REQUEST',
      `The address has more than ${MAX_QUERY_PARAMETERS} query parameters.`,
    )
  const values = new Map<string, string[]>()
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    const name = decode((equals < 0 ? pair : pair.slice(0, equals)).replaceAll('+', ' '))
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1).replaceAll('+', ' '))
    values.set(name, [...(values.get(name) ?? []), value])
  }
  return Object.fromEntries(
    [...values].map(([name, list]) => [name, list.length === 1 ? (list[0] ?? '') : list]),
  )
}

function segmentsOf(pathname: string): string[] {
  return pathname.replace(/^\//, '').replace(/\/$/, '').split('/')
}

/** Percent-decoded once; broken escapes, bytes that are not UTF-8, and NUL are refused. */
function decode(text: string): string {
  let decoded: string
  try {
    decoded = decodeURIComponent(text)
  } catch {
    throw new ServiceError('BAD_REQUEST', 'The address has a broken percent escape.', { code: 'BAD_ADDRESS' })
  }
  if (!isStorableText(decoded))
    throw new ServiceError('BAD_REQUEST', 'The address has a NUL character.', { code: 'BAD_ADDRESS' })
  return decoded
}

function notFound(): ServiceError {
  return new ServiceError('NOT_FOUND', 'Nothing exists at this address.')
}
