import type { Database } from '#db/client.ts'
import { readFolderMark } from '#db/installation-mark.ts'
import type { ChainCheck } from '#lib/platform/audit/schema.ts'
import { verifyAuditChain } from '#lib/platform/audit/verify-chain.ts'
import { findContradictions } from './judge.ts'
import { readIdentity } from './read-identity.ts'

/** Verifies the chain, and that it still holds the event which the data folder remembers as its end of some time ago. */
export async function verifyAuditLog(
  db: Database,
  dataDir: string,
  signal?: AbortSignal,
): Promise<ChainCheck> {
  const check = await verifyAuditChain(db, { signal })
  const mark = readFolderMark(dataDir)
  if (!check.ok || mark === null) return check
  const { seq } = mark.auditHead
  const identity = await readIdentity(db, [seq])
  if (findContradictions(identity, [{ place: dataDir, mark }]).length === 0) return check
  return {
    ok: false,
    checked: Math.min(check.checked, seq - 1),
    firstBroken: { seq, reason: 'NOT_AS_REMEMBERED' },
  }
}
