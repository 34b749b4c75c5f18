import { parseArgs } from 'node:util'
import { ROLES, type Role } from '#lib/platform/permissions.ts'
import { WrongUse } from './exit-code.ts'

export type EvaluateOptions = {
  model: string
  dataset: string
  minAccuracy: number | null
  allowUnknownClasses: boolean
  /** Id of the version to compare with. */
  baseline: string | null
  /** How much worse than the baseline the lower bound of the difference may be. */
  margin: number | null
  json: boolean
}

export type CompareOptions = {
  baseline: string
  candidate: string
  dataset: string
  intersection: boolean
  margin: number | null
  mustNotMiss: string[]
  json: boolean
}

export type Command =
  | { name: 'help' }
  | ({ name: 'evaluate' } & EvaluateOptions)
  | ({ name: 'compare' } & CompareOptions)
  | { name: 'api-key create'; roles: Role[]; keyName: string }

/** What the words of the command line ask for; WrongUse says what is wrong with them. */
export function parseCommandLine(words: readonly string[]): Command {
  const [first, ...rest] = words
  if (first === undefined) throw new WrongUse('No command given.')
  if (words.includes('--help') || words.includes('-h') || first === 'help') return { name: 'help' }
  if (first === 'evaluate') return parseEvaluate(rest)
  if (first === 'compare') return parseCompare(rest)
  if (first === 'api-key' && rest[0] === 'create') return parseApiKey(rest.slice(1))
  throw new WrongUse(`Unknown command "${words.slice(0, first === 'api-key' ? 2 : 1).join(' ')}".`)
}

function parseEvaluate(args: string[]): Command {
  const { values } = refusing(() =>
    parseArgs({
      args,
      options: {
        model: { type: 'string' },
        dataset: { type: 'string' },
        'min-accuracy': { type: 'string' },
        'allow-unknown-classes': { type: 'boolean' },
        baseline: { type: 'string' },
        margin: { type: 'string' },
        json: { type: 'boolean' },
      },
    }),
  )
  if (!values.model || !values.dataset) throw new WrongUse('evaluate needs --model and --dataset.')
  const baseline = values.baseline ?? null
  if (baseline !== null) checkVersionId('--baseline', baseline)
  else if (values.margin !== undefined) throw new WrongUse('--margin needs --baseline.')
  return {
    name: 'evaluate',
    model: values.model,
    dataset: values.dataset,
    minAccuracy: parseRatio('--min-accuracy', values['min-accuracy']),
    allowUnknownClasses: values['allow-unknown-classes'] ?? false,
    baseline,
    margin: parseRatio('--margin', values.margin),
    json: values.json ?? false,
  }
}

function parseCompare(args: string[]): Command {
  const { values } = refusing(() =>
    parseArgs({
      args,
      options: {
        baseline: { type: 'string' },
        candidate: { type: 'string' },
        dataset: { type: 'string' },
        intersection: { type: 'boolean' },
        margin: { type: 'string' },
        'must-not-miss': { type: 'string', multiple: true },
        json: { type: 'boolean' },
      },
    }),
  )
  const { baseline, candidate, dataset } = values
  if (!baseline || !candidate || !dataset)
    throw new WrongUse('compare needs --baseline, --candidate and --dataset.')
  checkVersionId('--baseline', baseline)
  checkVersionId('--candidate', candidate)
  const mustNotMiss = values['must-not-miss'] ?? []
  if (mustNotMiss.length > 0 && values.margin === undefined)
    throw new WrongUse('--must-not-miss needs --margin.')
  return {
    name: 'compare',
    baseline,
    candidate,
    dataset,
    intersection: values.intersection ?? false,
    margin: parseRatio('--margin', values.margin),
    mustNotMiss,
    json: values.json ?? false,
  }
}

const VERSION_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function checkVersionId(option: string, text: string): void {
  if (!VERSION_ID.test(text)) throw new WrongUse(`${option} ${text} is no version's id.`)
}

function parseApiKey(args: string[]): Command {
  const { values } = refusing(() =>
    parseArgs({ args, options: { role: { type: 'string', multiple: true }, name: { type: 'string' } } }),
  )
  const roles = (values.role ?? []).flatMap((text) => text.split(','))
  if (roles.length === 0) throw new WrongUse('api-key create needs at least one --role.')
  return { name: 'api-key create', roles: roles.map(parseRole), keyName: values.name ?? 'command line' }
}

function parseRole(text: string): Role {
  const role = ROLES.find((each) => each === text)
  if (role === undefined) throw new WrongUse(`Unknown role "${text}"; choose one of ${ROLES.join(', ')}.`)
  return role
}

function parseRatio(option: string, text: string | undefined): number | null {
  if (text === undefined) return null
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new WrongUse(`${option} must be a number from 0 to 1.`)
  return value
}

/** Node's parser names the option and what is wrong with it. */
function refusing<T>(parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message : String(error))
  }
}
