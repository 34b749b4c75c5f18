import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '#db/client.ts'
import { auditEvents } from '#db/schema/audit.ts'
import { type Context, taskActor } from '#lib/platform/context.ts'
import { createTestDatabase, type TestDatabase } from '#tests/support/test-database.ts'
import { listAuditEvents } from './list-events.ts'
import { recordAuditEvent } from './record.ts'
import { verifyAuditChain } from './verify-chain.ts'

let database: TestDatabase
let opened: ReturnType<typeof openDatabase>
beforeAll(async () => {
  database = await createTestDatabase()
  opened = openDatabase(database.url)
})
afterAll(async () => {
  await opened.close()
  await database.close()
})

const context = (actor = 'writer'): Context => ({
  db: opened.db,
  actor: taskActor(actor),
  now: new Date('2026-11-01T10:00:00.123Z'),
  requestId: 'r1',
})
const write = (objectId: string, actor?: string) =>
  opened.db.transaction((tx) =>
    recordAuditEvent(tx, context(actor), {
      action: 'dataset.register',
      objectType: 'dataset',
      objectId,
      after: { b: 1, a: 'é' },
    }),
  )
/** As a superuser who means harm: the triggers are off. */
async function tamper(...statements: string[]): Promise<void> {
  await opened.db.execute(sql.raw('alter table audit_events disable trigger user'))
  for (const statement of statements) await opened.db.execute(sql.raw(statement))
  await opened.db.execute(sql.raw('alter table audit_events enable trigger user'))
}
const count = () => opened.db.$count(auditEvents)

beforeEach(async () => {
  await tamper(
    'delete from audit_events',
    `update audit_chain_head set seq = 0, hash = decode(repeat('00', 32), 'hex')`,
  )
})

describe('the audit log', () => {
  it('verifies while it is empty and when it is not', async () => {
    expect(await verifyAuditChain(opened.db)).toEqual({ ok: true, checked: 0 })
    for (const id of ['1', '2', '3']) await write(id)
    expect(await verifyAuditChain(opened.db)).toEqual({ ok: true, checked: 3 })
  })

  it.each<[string, object]>([
    [
      'numbers',
      { n: [1e21, -0, 5e-324, 1.7976931348623157e308, 0.1 + 0.2, 123456789012345680000, Number.NaN] },
    ],
    ['keys in another order', { z: 1, 10: 1, 9: 2, a: { b: [null, undefined, { y: undefined }] } }],
    ['keys of other objects', JSON.parse('{"__proto__": {"x": 1}, "constructor": 2, "": 3, "\\u00e9": 4}')],
    ['texts that look like JSON', { a: ['12', 'null', '"q"'], b: '{}' }],
    ['times and lists', [new Date(0), [], {}, true, '\u001f\u2028😀']],
    ['what the database cannot hold', { nul: 'a\0b', half: 'a\ud800b' }],
  ])('verifies with %s in its documents', async (_what, after) => {
    await opened.db.transaction((tx) =>
      recordAuditEvent(tx, context('half \udfff'), {
        action: 'dataset.register',
        objectType: 'dataset',
        objectId: 'nul \0',
        before: { after },
        after,
        reason: 'half \ud800',
      }),
    )
    expect(await verifyAuditChain(opened.db)).toEqual({ ok: true, checked: 1 })
  })

  it('is one linear chain after 50 writers at once', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, index) => write(String(index))))
    expect(await verifyAuditChain(opened.db, { batchRows: 7 })).toEqual({ ok: true, checked: 50 })
    const objects = await opened.db.select({ id: auditEvents.objectId }).from(auditEvents)
    expect(new Set(objects.map(({ id }) => id)).size).toBe(50)
  })

  it('verifies while others write', async () => {
    await Promise.all([
      ...Array.from({ length: 20 }, (_, index) => write(String(index))),
      ...Array.from({ length: 5 }, async () =>
        expect((await verifyAuditChain(opened.db, { batchRows: 3 })).ok).toBe(true),
      ),
    ])
  })

  it('has nothing of a change that was rolled back', async () => {
    await write('1')
    const failing = opened.db.transaction(async (tx) => {
      await recordAuditEvent(tx, context(), {
        action: 'dataset.register',
        objectType: 'dataset',
        objectId: '2',
      })
      throw new Error('something else failed')
    })
    await expect(failing).rejects.toThrow('something else failed')
    expect(await count()).toBe(1)
    await write('3')
    expect(await verifyAuditChain(opened.db)).toEqual({ ok: true, checked: 2 })
  })

  it.each([
    `update audit_events set actor_id = 'another actor'`,
    'delete from audit_events',
    'truncate audit_events',
  ])('refuses: %s', async (statement) => {
    await write('1')
    await expect(opened.db.execute(sql.raw(statement))).rejects.toMatchObject({ cause: { code: '42501' } })
    expect(await count()).toBe(1)
  })

  const swap = (column: string) =>
    `update audit_events set ${column} = case seq when 2 then (select ${column} from audit_events where seq = 3)
     else (select ${column} from audit_events where seq = 2) end where seq in (2, 3)`
  const insertCopy = `insert into audit_events select 6, at, actor_type, actor_id, actor_name, action, object_type,
    object_id, before, after, reason, request_id, prev_hash, hash from audit_events where seq = 5`
  it.each([
    ['an edited text', [`update audit_events set actor_name = 'x' where seq = 3`], 3, 'CHANGED_EVENT'],
    [
      'an edited value within a document',
      [`update audit_events set after = '{"a":"e","b":1}' where seq = 2`],
      2,
      'CHANGED_EVENT',
    ],
    [
      'an edited time',
      [`update audit_events set at = at + interval '1 ms' where seq = 1`],
      1,
      'CHANGED_EVENT',
    ],
    ['a removed reason', [`update audit_events set before = '{}' where seq = 4`], 4, 'CHANGED_EVENT'],
    ['a deleted first event', ['delete from audit_events where seq = 1'], 1, 'MISSING_EVENT'],
    ['a deleted event in the middle', ['delete from audit_events where seq = 3'], 3, 'MISSING_EVENT'],
    [
      'a deleted event whose gap was closed',
      ['delete from audit_events where seq = 3', 'update audit_events set seq = seq - 1 where seq > 3'],
      3,
      'BROKEN_LINK',
    ],
    ['a deleted end', ['delete from audit_events where seq >= 4'], 4, 'MISSING_EVENT'],
    ['everything deleted', ['delete from audit_events'], 1, 'MISSING_EVENT'],
    ['two events that changed places', [swap('object_id')], 2, 'CHANGED_EVENT'],
    [
      'two events that changed places with their hashes',
      [swap('object_id'), swap('hash'), swap('prev_hash')],
      2,
      'BROKEN_LINK',
    ],
    ['an inserted event', [insertCopy], 6, 'BROKEN_LINK'],
    [
      'a deleted end with the head set back, but its hash kept',
      ['delete from audit_events where seq = 5', 'update audit_chain_head set seq = 4'],
      4,
      'CHANGED_HEAD',
    ],
    ['a head set back', ['update audit_chain_head set seq = 4'], 5, 'UNRECORDED_EVENT'],
    ['a deleted head', ['delete from audit_chain_head'], 5, 'MISSING_HEAD'],
  ])('names the first event that does not fit: %s', async (_what, statements, seq, reason) => {
    for (const id of ['1', '2', '3', '4', '5']) await write(id)
    await tamper(...statements)
    expect(await verifyAuditChain(opened.db, { batchRows: 2 })).toMatchObject({
      ok: false,
      firstBroken: { seq, reason },
    })
    if (reason === 'MISSING_HEAD')
      await opened.db.execute(sql.raw(`insert into audit_chain_head values (1, 0, '')`))
  })

  it('lists newest first, filtered, in pages', async () => {
    for (const id of ['1', '2', '3']) await write(id, id === '2' ? 'other' : 'writer')
    const seqs = async (filters: object) =>
      (await listAuditEvents(context(), { after: null, take: 10, ...filters })).map((event) => event.seq)
    expect(await seqs({})).toEqual([3, 2, 1])
    expect(await seqs({ actor: 'other' })).toEqual([2])
    expect(await seqs({ objectType: 'user' })).toEqual([])
    expect(await seqs({ object: '3', action: 'dataset.register' })).toEqual([3])
    expect(await seqs({ after: [3], take: 1 })).toEqual([2])
    expect(await seqs({ to: new Date('2026-11-01T10:00:00.123Z') })).toEqual([])
    expect(await seqs({ from: new Date('2026-11-01T10:00:00.123Z') })).toEqual([3, 2, 1])
  })
})
