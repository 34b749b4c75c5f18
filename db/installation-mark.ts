import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import path from 'node:path'

/** Says beside a database to which installation it belongs, and how far its audit log had come. */
export type InstallationMark = { installationId: string; auditHead: AuditHead }
export type AuditHead = { seq: number; hash: string }

/** The name in the data folder and in the object store. */
export const MARK_NAME = 'installation.json'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const HASH = /^[0-9a-f]{64}$/

/** The mark of a text; null for a text that is none. */
export function parseMark(text: string): InstallationMark | null {
  try {
    const { installationId, auditHead } = JSON.parse(text)
    const isMark =
      UUID.test(installationId) && Number.isSafeInteger(auditHead.seq) && HASH.test(auditHead.hash)
    return isMark ? { installationId, auditHead: { seq: auditHead.seq, hash: auditHead.hash } } : null
  } catch {
    return null
  }
}

export function formatMark(mark: InstallationMark): string {
  return `${JSON.stringify(mark, null, 2)}\n`
}

/** The mark of a data folder; null where there is none. Throws where the file cannot be read as one. */
export function readFolderMark(dataDir: string): InstallationMark | null {
  const file = path.join(dataDir, MARK_NAME)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
  const mark = parseMark(text)
  if (mark === null) throw new Error(`${file} is damaged: put it back from a backup, or remove it.`)
  return mark
}

/** Whole or not at all. */
export function writeFolderMark(dataDir: string, mark: InstallationMark): void {
  const file = path.join(dataDir, MARK_NAME)
  const fresh = `${file}.${process.pid}`
  const opened = openSync(fresh, 'w', 0o600)
  try {
    writeSync(opened, formatMark(mark))
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
  renameSync(fresh, file)
}
