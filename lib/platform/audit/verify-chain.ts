import { asc, eq, gt, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { auditChainHead, auditEvents } from '#db/schema/audit.ts'
import { clientLeft } from '#lib/platform/client-left.ts'
import { type AuditEventContent, auditEventHash } from './record.ts'
import type { ChainCheck } from './schema.ts'

export type ChainFault =
  | 'MISSING_EVENT'
  | 'BROKEN_LINK'
  | 'CHANGED_EVENT'
  | 'UNRECORDED_EVENT'
  | 'CHANGED_HEAD'
  | 'MISSING_HEAD'
  /** Said by who remembers an event outside the database. */
  | 'NOT_AS_REMEMBERED'
type ChainBreak = { seq: number; reason: ChainFault }

const BATCH_ROWS = 1_000
const GENESIS_HASH = '00'.repeat(32)

/**
 * Recomputes the chain from its start, in batches. Finds a changed, deleted, inserted or reordered event, and (by the
 * head) a deleted end. It cannot find a chain that was recomputed as a whole by an operator who may change the head as well:
 * against that, compare the head with one that was kept elsewhere. Ends between two batches when `signal` aborts.
 */
export async function verifyAuditChain(
  db: Database,
  { batchRows = BATCH_ROWS, signal }: { batchRows?: number; signal?: AbortSignal | undefined } = {},
): Promise<ChainCheck> {
  let checked = 0
  let seq = 0
  let hash = GENESIS_HASH
  for (;;) {
    if (signal?.aborted) throw clientLeft()
    const rows = await db
      .select()
      .from(auditEvents)
      .where(gt(auditEvents.seq, seq))
      .orderBy(asc(auditEvents.seq))
      .limit(batchRows)
    for (const row of rows) {
      const reason = faultOf(row, { seq, hash })
      if (reason !== null)
        return {
          ok: false,
          checked,
          firstBroken: { seq: reason === 'MISSING_EVENT' ? seq + 1 : row.seq, reason },
        }
      checked += 1
      seq = row.seq
      hash = row.hash
    }
    if (rows.length > 0) continue
    const end = await readEnd(db)
    if ((end?.lastSeq ?? 0) > seq) continue // written while we were checking
    const firstBroken = faultOfEnd(end, { seq, hash })
    return firstBroken === null ? { ok: true, checked } : { ok: false, checked, firstBroken }
  }
}

function faultOf(row: AuditEventContent, previous: { seq: number; hash: string }): ChainFault | null {
  if (row.seq !== previous.seq + 1) return 'MISSING_EVENT'
  if (row.prevHash !== previous.hash) return 'BROKEN_LINK'
  const { hash, ...content } = row
  return auditEventHash(content) === hash ? null : 'CHANGED_EVENT'
}

type End = { headSeq: number; headHash: string; lastSeq: number | null }

/** The head and the last event as of one moment: one statement. */
async function readEnd(db: Database): Promise<End | undefined> {
  const [end] = await db
    .select({
      headSeq: auditChainHead.seq,
      headHash: auditChainHead.hash,
      lastSeq: sql<number | null>`(select max(seq) from audit_events)`.mapWith((value) =>
        value === null ? null : Number(value),
      ),
    })
    .from(auditChainHead)
    .where(eq(auditChainHead.id, 1))
  return end
}

function faultOfEnd(end: End | undefined, last: { seq: number; hash: string }): ChainBreak | null {
  if (end === undefined) return { seq: last.seq, reason: 'MISSING_HEAD' }
  if (end.headSeq > last.seq) return { seq: last.seq + 1, reason: 'MISSING_EVENT' }
  if (end.headSeq < last.seq) return { seq: end.headSeq + 1, reason: 'UNRECORDED_EVENT' }
  return end.headHash === last.hash ? null : { seq: last.seq, reason: 'CHANGED_HEAD' }
}
