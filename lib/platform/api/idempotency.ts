import { createHash } from 'node:crypto'
import { and, eq, isNull } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { idempotencyKeys } from '#db/schema/idempotency-key.ts'
import { canonicalJson } from '#lib/platform/audit/canonical-json.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import type { Idempotency } from './endpoint.ts'
import { openSealed, seal } from './sealed-json.ts'

export type StoredReply = { status: number; body: unknown }
export type IdempotencyRequest = { actorId: string; key: string; requestSha256: string }

/** The request's `Idempotency-Key` with what it is bound to; null without the header. */
export function idempotencyRequest(
  headers: Headers,
  request: { actorId: string; method: string; address: string; input: unknown },
): IdempotencyRequest | null {
  const key = headers.get('idempotency-key')
  if (key === null) return null
  if (!/^[\x21-\x7e]{1,200}$/.test(key))
    throw new ServiceError('BAD_REQUEST', 'An Idempotency-Key has 1 to 200 visible ASCII characters.')
  const bound = canonicalJson([request.method, request.address, request.input])
  return { actorId: request.actorId, key, requestSha256: createHash('sha256').update(bound).digest('hex') }
}

/**
 * Gives the reply of the first call with this key, running `work` at most once to effect. `prepare` has no effect, may
 * take long and may call others: it never runs inside a transaction.
 *
 * `transaction`: the key, the effect and the reply are one transaction. A duplicate that comes meanwhile waits on
 * the key's row; a process that dies leaves neither key nor effect, so the repetition starts afresh.
 *
 * `natural`: the key is bound to its request first, and the reply is stored after the effect. A process that dies in
 * between leaves a key without reply; the repetition then runs the verb again, which finds what it made before.
 */
export async function onceForKey<Prepared>(
  db: Database,
  request: IdempotencyRequest,
  options: { mode: Idempotency; secret: string },
  steps: {
    prepare: () => Promise<Prepared>
    work: (db: Database, prepared: Prepared) => Promise<StoredReply>
  },
): Promise<StoredReply> {
  if (options.mode === 'transaction') {
    // The first reply is given again whatever has become of that which the preparation would look at.
    const known = await findKey(db, request)
    if (known !== undefined) return firstReply(known, request, options.secret)
    const prepared = await steps.prepare()
    return db.transaction(async (tx) => {
      if (!(await bindKey(tx, request)))
        return firstReply(await findKey(tx, request), request, options.secret)
      const reply = await steps.work(tx, prepared)
      await storeReply(tx, request, reply, options.secret)
      return reply
    })
  }
  if (!(await bindKey(db, request))) {
    const row = await findKey(db, request)
    if (row !== undefined && (row.status !== null || row.requestSha256 !== request.requestSha256))
      return firstReply(row, request, options.secret)
  }
  try {
    const reply = await steps.work(db, await steps.prepare())
    await storeReply(db, request, reply, options.secret)
    return reply
  } catch (error) {
    await db.delete(idempotencyKeys).where(and(sameKey(request), isNull(idempotencyKeys.status)))
    throw error
  }
}

/** True when this call is the first with its key. Waits for a transaction that is about to write the same key. */
async function bindKey(db: Database, request: IdempotencyRequest): Promise<boolean> {
  const inserted = await db
    .insert(idempotencyKeys)
    .values(request)
    .onConflictDoNothing()
    .returning({ key: idempotencyKeys.key })
  return inserted.length === 1
}

async function findKey(db: Database, request: IdempotencyRequest) {
  const [row] = await db.select().from(idempotencyKeys).where(sameKey(request))
  return row
}

function firstReply(
  row: Awaited<ReturnType<typeof findKey>>,
  request: IdempotencyRequest,
  secret: string,
): StoredReply {
  if (row !== undefined && row.requestSha256 !== request.requestSha256)
    throw new ServiceError('CONFLICT', 'This Idempotency-Key was used for another request: use a new one.', {
      code: 'IDEMPOTENCY_KEY_REUSED',
    })
  if (row === undefined || row.status === null)
    throw new ServiceError(
      'CONFLICT',
      'The first call with this Idempotency-Key is still running: repeat it later.',
      {
        code: 'IDEMPOTENCY_IN_PROGRESS',
      },
    )
  return { status: row.status, body: openSealed(secret, row.body) }
}

async function storeReply(
  db: Database,
  request: IdempotencyRequest,
  reply: StoredReply,
  secret: string,
): Promise<void> {
  const stored = { status: reply.status, body: seal(secret, reply.body) }
  await db.update(idempotencyKeys).set(stored).where(sameKey(request))
}

function sameKey(request: IdempotencyRequest) {
  return and(eq(idempotencyKeys.actorId, request.actorId), eq(idempotencyKeys.key, request.key))
}
