import type { Database } from '#db/client.ts'
import { readFolderMark, writeFolderMark } from '#db/installation-mark.ts'
import { findContradictions } from './judge.ts'
import { readIdentity } from './read-identity.ts'

/**
 * Writes down beside the database how far its audit log has come. A database that later has less, or another event at
 * that place, was put back or changed: the next start says so, and so does the verification of the log. One that
 * already contradicts the mark does not move it.
 */
export async function anchorAuditHead(db: Database, dataDir: string): Promise<void> {
  const mark = readFolderMark(dataDir)
  if (mark === null) return
  const identity = await readIdentity(db, [mark.auditHead.seq])
  const { auditHead } = identity
  if (auditHead === null || auditHead.seq === mark.auditHead.seq) return
  if (findContradictions(identity, [{ place: dataDir, mark }]).length > 0) return
  writeFolderMark(dataDir, { ...mark, auditHead })
}
