import type { AuditHead, InstallationMark } from '#db/installation-mark.ts'

/** What a database says of itself. */
export type DatabaseIdentity = {
  /** Null where it was never started by a release that knows installations. */
  installationId: string | null
  isEmpty: boolean
  /** The end of its audit log; null before its first event table. */
  auditHead: AuditHead | null
  /** The hashes of the events that marks remember; null for one that is not there. */
  hashOf: (seq: number) => string | null
}

export type PlacedMark = { place: string; mark: InstallationMark }

/** One contradiction, and what `ACCEPT_INSTALLATION` must name so that it is passed over. */
export type Contradiction = { fault: string; accept: string }

/** Where the database and the marks beside it do not belong together, or the database has gone back in time. */
export function findContradictions(
  database: DatabaseIdentity,
  marks: readonly PlacedMark[],
): Contradiction[] {
  return marks.flatMap(({ place, mark }) => {
    const foreign = foreignFault(database, mark)
    if (foreign !== null)
      return [{ fault: `${foreign}, ${place} to ${mark.installationId}.`, accept: mark.installationId }]
    const lost = auditFault(database, mark.auditHead)
    if (lost === null) return []
    return [{ fault: `${lost}, as ${place} says.`, accept: `${mark.installationId}@${mark.auditHead.seq}` }]
  })
}

function foreignFault({ installationId, isEmpty }: DatabaseIdentity, mark: InstallationMark): string | null {
  if (installationId === mark.installationId) return null
  if (isEmpty) return 'The database is empty and belongs to no installation'
  if (installationId === null) return 'The database belongs to no known installation'
  return `The database belongs to the installation ${installationId}`
}

function auditFault(database: DatabaseIdentity, remembered: AuditHead): string | null {
  const end = database.auditHead?.seq ?? 0
  if (remembered.seq > end) return `The database ends at audit event ${end} and once had ${remembered.seq}`
  if (remembered.seq === 0 || database.hashOf(remembered.seq) === remembered.hash) return null
  return `Audit event ${remembered.seq} of the database is not the one that was written`
}

/** The refusal as the operator reads it; null where everything fits or was accepted. */
export function refusalOf(
  contradictions: readonly Contradiction[],
  accepted: readonly string[],
): string | null {
  const open = contradictions.filter(({ accept }) => !accepted.includes(accept))
  if (open.length === 0) return null
  const names = [...new Set(contradictions.map(({ accept }) => accept))].join(',')
  return [
    ...open.map(({ fault }) => fault),
    'Nothing was changed. Check DATABASE_URL, DATA_DIR and OBJECT_STORE_URL, or restore all of them from one backup.',
    `To go on with exactly these, start once with ACCEPT_INSTALLATION=${names}`,
  ].join('\n')
}
