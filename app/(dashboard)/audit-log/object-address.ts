import { fieldsOf, type ShownEvent } from './audit-event.ts'

/** The page of what an event is about, if it has one (it may be gone by now). */
export function objectAddress(event: ShownEvent): string | null {
  const { type, id } = event.object
  if (type === 'evaluation-run') return `/evaluation-runs/${encodeURIComponent(id)}`
  if (type === 'model-version') return `/model-versions/${encodeURIComponent(id)}`
  const { name } = { ...fieldsOf(event.before), ...fieldsOf(event.after) }
  return type === 'dataset' && typeof name === 'string' ? `/datasets/${encodeURIComponent(name)}` : null
}
