import { openDatabase } from '#db/client.ts'
import { findFolderOwner } from '#db/embedded/folder-owner.ts'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import { createApiKey } from '#lib/platform/auth/create-api-key.ts'
import { taskActor } from '#lib/platform/context.ts'
import type { Role } from '#lib/platform/permissions.ts'
import { type Environment, findRunningInstance } from './connect.ts'
import { EXIT, NotDone } from './exit-code.ts'
import { oneCall } from './service-client.ts'

/** Prints a new key, the only time that it is seen. An operator with the database's address needs no other key. */
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
  input: { roles: Role[]; keyName: string },
  environment: Environment,
  dataDir: string,
): Promise<string> {
  const { keyName: name, roles } = input
  if (!environment.SECOND_READER_URL && environment.DATABASE_URL)
    return await makeKeyIn(environment.DATABASE_URL, input)
  // The user who may open the embedded database's socket is the operator: the key is theirs, and ends with no other.
  const embedded = environment.SECOND_READER_URL ? null : findFolderOwner(dataDir)
  if (embedded !== null && isAlive(embedded.pid)) return await makeKeyIn(embedded.url, input)
  const client = await findRunningInstance(environment, dataDir)
  if (client === null)
    throw new NotDone(
      'No service runs on DATA_DIR. Start it, set SECOND_READER_URL and SECOND_READER_API_KEY, or set DATABASE_URL.',
    )
  const call = client.api.POST('/api/api-keys', { params: { header: oneCall() }, body: { name, roles } })
  return (await dataOf(call)).key
}

async function makeKeyIn(
  databaseUrl: string,
  { keyName: name, roles }: { roles: Role[]; keyName: string },
): Promise<string> {
  const { db, close } = openDatabase(databaseUrl, { maxConnections: 1 })
  try {
    const context = { db, actor: taskActor('operator'), now: new Date(), requestId: crypto.randomUUID() }
    return (await createApiKey(context, { name, roles })).key
  } finally {
    await close()
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
