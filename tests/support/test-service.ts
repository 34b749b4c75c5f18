import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseSettings } from '#lib/platform/env/env.ts'
import { getService, type Service } from '#lib/platform/service/service.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

export type TestService = { service: Service; database: TestDatabase; close: () => Promise<void> }

export const TEST_BASE_URL = 'http://127.0.0.1:3999'

/**
 * This process' services on a database and folders of the test's own: the functions that routes export can then be
 * called as Next calls them. One at a time per process.
 */
export async function openTestService(settings: Record<string, string> = {}): Promise<TestService> {
  const database = await createTestDatabase()
  const folder = mkdtempSync(path.join(tmpdir(), 'sr-service-'))
  const parsed = parseSettings({
    DATABASE_URL: database.url,
    DATA_DIR: folder,
    BASE_URL: TEST_BASE_URL,
    SECRET: 'a secret for tests, longer than thirty-two characters',
    LOG_LEVEL: 'fatal',
    ...settings,
  })
  if ('faults' in parsed) throw new Error(parsed.faults.join('\n'))
  const holder = globalThis as { secondReaderSettings?: unknown }
  holder.secondReaderSettings = parsed.settings
  const service = getService()
  return {
    service,
    database,
    close: async () => {
      await service.close()
      await database.close()
      delete holder.secondReaderSettings
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
