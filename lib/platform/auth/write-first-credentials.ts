import { randomBytes } from 'node:crypto'
import { open, readFile, rename } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { Database } from '#db/client.ts'
import { users } from '#db/schema/auth.ts'
import { type Context, taskActor } from '#lib/platform/context.ts'
import { ROLES } from '#lib/platform/permissions.ts'
import type { Service } from '#lib/platform/service/service.ts'
import { findApiKeyActor } from './find-api-key-actor.ts'
import { renewDemoAccess } from './renew-demo-access.ts'

const credentialsSchema = z.strictObject({
  url: z.string(),
  apiKey: z.string(),
  users: z.array(z.strictObject({ role: z.enum(ROLES), email: z.string(), password: z.string() })),
})
export type DemoCredentials = z.output<typeof credentialsSchema>

/** Where the demo's passwords and its key lie, readable by the operator of the machine alone. */
export function credentialsPath(dataDir: string): string {
  return path.join(dataDir, 'demo-credentials.json')
}

/**
 * Before a demo answers for the first time: one person per role and a key with every role, written to
 * `demo-credentials.json`. Called at every start. A file that works is kept (its address follows the settings); where
 * it is missing or does not work, the demo's people get new passwords, because the old ones are stored nowhere.
 * The database is changed first: a process killed in between leaves no file, and the next start does it again.
 * A database with people of its own and none of the demo's is not a demo and is left alone.
 */
export async function writeFirstCredentials(service: Service): Promise<void> {
  const { settings, db } = service
  if (settings.demo === 'off') return
  const file = credentialsPath(settings.dataDir)
  const now = new Date()
  const known = await readCredentials(file)
  if (known !== null && (await findApiKeyActor(db, known.apiKey, now)) !== null) {
    if (known.url !== settings.baseUrl) await writeCredentials(file, { ...known, url: settings.baseUrl })
    return
  }
  if (await belongsToOthers(db)) return
  const context: Context = { db, actor: taskActor('first-start'), now, requestId: 'first-start' }
  const people = ROLES.map((role) => ({
    role,
    email: `${role}@second-reader.example`,
    password: randomBytes(15).toString('base64url'),
  }))
  const apiKey = await renewDemoAccess(context, people)
  await writeCredentials(file, { url: settings.baseUrl, apiKey, users: people })
  service.logger.info({ file }, 'this is a demo: its accounts are in the file')
}

/** The credentials of a demo on this machine; null when there are none that can be used. */
export async function readCredentials(file: string): Promise<DemoCredentials | null> {
  try {
    return credentialsSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return null // missing, cut off by a crash of the machine, or edited: made anew
  }
}

async function belongsToOthers(db: Database): Promise<boolean> {
  const rows = await db.selectDistinct({ isDemo: users.isDemo }).from(users)
  return rows.length > 0 && !rows.some((row) => row.isDemo)
}

/** Whole or not at all, and never readable by others, not even for a moment. */
async function writeCredentials(file: string, credentials: DemoCredentials): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`
  const handle = await open(temporary, 'w', 0o600)
  try {
    await handle.chmod(0o600) // a file of that name may have been there with other rights
    await handle.writeFile(`${JSON.stringify(credentials, null, 2)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(temporary, file)
}
