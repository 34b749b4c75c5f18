import { openDatabase } from '#db/client.ts'
import { createApiKey } from '#lib/auth/create-api-key.ts'
import type { Role } from '#lib/auth/permissions.ts'
import { taskActor } from '#lib/context.ts'
import { type Environment, findRunningInstance } from './connect.ts'
import { EXIT, NotDone } from './exit-code.ts'

/** Prints a new key, the only time that it is seen. Whoever has the database's address needs no other key. */
export async function createApiKeyCommand(
  options: { roles: Role[]; keyName: string },
  environment: Environment,
  dataDir: string,
  out: NodeJS.WriteStream,
): Promise<number> {
  out.write(`${await makeKey(options, environment, dataDir)}\n`)
  return EXIT.ok
}

async function makeKey(
  { roles, keyName: name }: { roles: Role[]; keyName: string },
  environment: Environment,
  dataDir: string,
): Promise<string> {
  if (!environment.SECOND_READER_URL && environment.DATABASE_URL) {
    const { db, close } = openDatabase(environment.DATABASE_URL, { maxConnections: 1 })
    try {
      const context = { db, actor: taskActor('operator'), now: new Date(), requestId: crypto.randomUUID() }
      return (await createApiKey(context, { name, roles })).key
    } finally {
      await close()
    }
  }
  const client = await findRunningInstance(environment, dataDir)
  if (client === null)
    throw new NotDone(
      'No service runs on DATA_DIR. Start it, name one by SECOND_READER_URL and SECOND_READER_API_KEY, or set DATABASE_URL.',
    )
  return (await client.post<{ key: string }>('/api/api-keys', { name, roles })).key
}
