import { expect, it } from 'vitest'
import { AUDIT_ACTIONS } from '#lib/platform/audit/actions.ts'
import type { ShownEvent } from './audit-event.ts'
import { describeEvent } from './describe-event.ts'

const zeros = '0'.repeat(64)
const event = (given: Partial<ShownEvent>): ShownEvent => ({
  seq: 1,
  at: '2026-03-01T08:00:00.000Z',
  actor: { type: 'user', id: 'u1', name: 'ada@h.example' },
  action: 'session.open',
  object: { type: 'user', id: '0af3c1d2-1111' },
  before: null,
  after: null,
  reason: null,
  requestId: 'r',
  prevHash: zeros,
  hash: zeros,
  ...given,
})
const sentence = (given: Partial<ShownEvent>, people: [string, string][] = []) => {
  const { actor, before, object, after } = describeEvent(event(given), new Map(people))
  return [actor, before, object, after].filter((part) => part !== null && part !== '').join(' ')
}

it.each<[Partial<ShownEvent>, string]>([
  [{}, 'ada@h.example signed in'],
  [
    { action: 'dataset.register', object: { type: 'dataset', id: 'd1' }, after: { name: 'ward-7' } },
    'ada@h.example registered the dataset ward-7',
  ],
  [
    {
      action: 'model-version.register',
      object: { type: 'model-version', id: 'm1' },
      after: { name: 'cxr', number: 3 },
    },
    'ada@h.example registered the model version cxr version 3',
  ],
  [
    {
      actor: { type: 'task', id: 'runner', name: 'runner' },
      action: 'evaluation-run.fail',
      object: { type: 'evaluation-run', id: '7c81674b-6b57' },
    },
    'The service (runner) marked the evaluation 7c81674b as failed',
  ],
  [
    {
      actor: { type: 'anonymous', id: 'anonymous', name: 'anonymous' },
      action: 'session.refuse',
      object: { type: 'user', id: 'unknown' },
    },
    'Anonymous client failed to sign in as an unknown account',
  ],
  [
    { action: 'request.deny', object: { type: 'route', id: 'GET /api/users' }, after: { repeats: 41 } },
    'ada@h.example was denied GET /api/users 41 times more within the hour',
  ],
  [
    {
      actor: { type: 'anonymous', id: 'anonymous', name: 'anonymous' },
      action: 'session.refuse',
      object: { type: 'user', id: 'unknown' },
      after: { repeats: 1 },
    },
    'Anonymous client failed to sign in as an unknown account once more within the hour',
  ],
  [{ action: 'user.delete', before: { email: 'bob@h.example' } }, 'ada@h.example removed bob@h.example'],
  [{ action: 'user.update' }, 'ada@h.example changed 0af3c1d2'],
  [{ action: 'of.later' }, 'ada@h.example did of.later to 0af3c1d2'],
])('says %j as a sentence', (given, expected) => {
  expect(sentence(given)).toBe(expected)
})

it('names a person who is still there', () => {
  expect(sentence({ action: 'user.update' }, [['0af3c1d2-1111', 'bob@h.example']])).toBe(
    'ada@h.example changed bob@h.example',
  )
})

it('has words for every action', () => {
  for (const action of AUDIT_ACTIONS) expect(sentence({ action })).not.toContain(action)
})
