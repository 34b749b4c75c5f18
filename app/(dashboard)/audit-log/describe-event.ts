import { fieldsOf, type ShownEvent } from './audit-event.ts'

/** What the actor did; `{object}` stands for the object of the action. */
const DEEDS: Readonly<Record<string, string>> = {
  'api-key.create': 'created the API key {object}',
  'api-key.revoke': 'revoked the API key {object}',
  'dataset-snapshot.fail': 'failed to take a snapshot of {object}',
  'dataset-snapshot.freeze': 'finished a snapshot of {object}',
  'dataset-snapshot.request': 'requested a snapshot of {object}',
  'dataset.archive': 'archived the dataset {object}',
  'dataset.register': 'registered the dataset {object}',
  'dataset.upload': 'uploaded images to the dataset {object}',
  'demo.begin': 'started loading the demo data',
  'demo.complete': 'finished loading the demo data',
  'evaluation-run.cancel': 'cancelled the evaluation {object}',
  'evaluation-run.create': 'started the evaluation {object}',
  'evaluation-run.delete': 'deleted the evaluation {object}',
  'evaluation-run.fail': 'marked the evaluation {object} as failed',
  'evaluation-run.retry': 'retried the evaluation {object}',
  'evaluation-run.succeed': 'finished the evaluation {object}',
  'installation.accept': 'took over data of the installation {object}',
  'model-version.archive': 'archived the model version {object}',
  'model-version.register': 'registered the model version {object}',
  'prediction-set.import': 'imported predictions of {object}',
  'request.deny': 'was denied {object}',
  'session.close': 'signed out',
  'session.open': 'signed in',
  'session.refuse': 'failed to sign in as {object}',
  'user.accept-invitation': 'accepted the invitation',
  'user.create': 'added {object}',
  'user.delete': 'removed {object}',
  'user.invite': 'created an invitation link for {object}',
  'user.offer-password-reset': 'created a password-reset link for {object}',
  'user.replace-password': 'changed the password of {object}',
  'user.update': 'changed {object}',
}

export type Description = {
  actor: string
  /** Before and after the name of the object. */
  before: string
  object: string | null
  after: string
}

/** An event as a sentence in parts. `people`: e-mail addresses by id, as far as they are known. */
export function describeEvent(event: ShownEvent, people: ReadonlyMap<string, string>): Description {
  const deed = DEEDS[event.action] ?? `did ${event.action} to {object}`
  const [before = '', after] = deed.split('{object}')
  return {
    actor: actorOf(event),
    before: before.trim(),
    object: after === undefined ? null : objectOf(event, people),
    after: [after?.trim() ?? '', repeatsOf(event)].filter((part) => part !== '').join(' '),
  }
}

/** Refusals of one hour: the first is an event of its own, the others are one together. */
function repeatsOf(event: ShownEvent): string {
  const { repeats } = fieldsOf(event.after)
  if (typeof repeats !== 'number') return ''
  return repeats === 1 ? 'once more within the hour' : `${repeats} times more within the hour`
}

function actorOf({ actor }: ShownEvent): string {
  if (actor.type === 'user') return actor.name
  if (actor.type === 'api-key') return `The API key “${actor.name}”`
  return actor.type === 'task' ? `The service (${actor.name})` : 'Anonymous client'
}

function objectOf(event: ShownEvent, people: ReadonlyMap<string, string>): string {
  const { type, id } = event.object
  const known = { ...fieldsOf(event.before), ...fieldsOf(event.after) }
  if (type === 'route') return id
  if (type === 'user')
    return people.get(id) ?? textOf(known.email) ?? (id === 'unknown' ? 'an unknown account' : shortId(id))
  if (type === 'dataset-snapshot') return textOf(known.dataset) ?? shortId(id)
  if (type === 'model-version' && known.number !== undefined) return `${known.name} version ${known.number}`
  return textOf(known.name) ?? shortId(id)
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Enough to tell ids apart on one page. */
function shortId(id: string): string {
  return id.slice(0, 8)
}
