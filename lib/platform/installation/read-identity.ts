import { sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import type { AuditHead } from '#db/installation-mark.ts'
import { auditChainHead } from '#db/schema/audit.ts'
import { installation } from '#db/schema/installation.ts'
import type { DatabaseIdentity } from './judge.ts'

/** Reads what a database of any release says of itself, before its schema is brought up to date. */
export async function readIdentity(db: Database, seqs: readonly number[]): Promise<DatabaseIdentity> {
  const there = await findTables(db)
  const hashes = there.audit ? await readHashes(db, seqs) : new Map<number, string>()
  return {
    installationId: there.installation ? await findInstallationId(db) : null,
    isEmpty: !there.journal,
    auditHead: there.audit ? await findAuditHead(db) : null,
    hashOf: (seq) => hashes.get(seq) ?? null,
  }
}

async function findTables(
  db: Database,
): Promise<{ installation: boolean; audit: boolean; journal: boolean }> {
  const { rows } = await db.execute(sql`select
    to_regclass('installation') is not null as installation,
    to_regclass('audit_chain_head') is not null as audit,
    to_regclass('drizzle.__drizzle_migrations') is not null as journal`)
  const [there] = rows as { installation: boolean; audit: boolean; journal: boolean }[]
  return there ?? { installation: false, audit: false, journal: false }
}

export async function findInstallationId(db: Database): Promise<string | null> {
  const [row] = await db.select({ id: installation.installationId }).from(installation)
  return row?.id ?? null
}

export async function findAuditHead(db: Database): Promise<AuditHead | null> {
  const [head] = await db.select({ seq: auditChainHead.seq, hash: auditChainHead.hash }).from(auditChainHead)
  return head ?? null
}

async function readHashes(db: Database, seqs: readonly number[]): Promise<Map<number, string>> {
  const found = new Map<number, string>()
  for (const seq of seqs) {
    const { rows } = await db.execute(
      sql`select encode(hash, 'hex') as hash from audit_events where seq = ${seq}`,
    )
    const [row] = rows as { hash: string }[]
    if (row !== undefined) found.set(seq, row.hash)
  }
  return found
}
