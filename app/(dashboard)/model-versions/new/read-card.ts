import type { ModelCard } from '#lib/vocabulary/model-card.ts'

/** What the form shows of a card before it is sent. */
export type CardSummary = Pick<ModelCard, 'name' | 'findingClasses' | 'input'>

/** `path`: the place in the card, such as `preprocessing.mean`; empty where it is the whole. */
export type CardFault = { path: string; message: string }

const MAX_SHOWN_FAULTS = 20

/** The card in brief, or everything that is wrong with it: by the service's own schema, before anything is sent. */
export async function readCard(text: string): Promise<{ card: CardSummary } | { faults: CardFault[] }> {
  const value = parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { faults: [{ path: '', message: notAnObject(text) }] }
  const parsed = (await loadSchema()).safeParse(value)
  if (parsed.success) return { card: parsed.data }
  const faults = parsed.error.issues.map(({ path, message }) => ({
    path: path.map(String).join('.'),
    message,
  }))
  return { faults: faults.slice(0, MAX_SHOWN_FAULTS) }
}

/** Loaded with the first card: the empty form does not need it. */
async function loadSchema() {
  const { config } = await import('zod')
  config({ jitless: true }) // the page's policy forbids compiling code, and a browser reports the attempt
  const { modelCardSchema } = await import('#lib/vocabulary/model-card.ts')
  return modelCardSchema
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function notAnObject(text: string): string {
  return text.startsWith('\uFEFF')
    ? 'The file starts with a byte order mark. Save it as UTF-8 without one.'
    : 'The file is not a JSON object. A card starts with { and ends with }.'
}
