import { credentialsPath, readCredentials } from '#lib/platform/auth/write-first-credentials.ts'
import { NotDone } from './exit-code.ts'
import { openServiceClient, type ServiceClient } from './service-client.ts'

export type Environment = NodeJS.ProcessEnv

const HEALTH_TIMEOUT_MS = 3_000

/** The service that the environment names, or the one that runs on `dataDir`; null where none does. */
export async function findRunningInstance(
  environment: Environment,
  dataDir: string,
): Promise<ServiceClient | null> {
  const { SECOND_READER_URL: url, SECOND_READER_API_KEY: apiKey } = environment
  if (url) {
    if (!apiKey) throw new NotDone('SECOND_READER_URL is set: set SECOND_READER_API_KEY too.')
    if (!URL.canParse(url)) throw new NotDone('SECOND_READER_URL is not a URL.')
    return openServiceClient(url, apiKey)
  }
  const credentials = await readCredentials(credentialsPath(dataDir))
  if (credentials === null || !(await isHealthy(credentials.url))) return null
  return openServiceClient(credentials.url, credentials.apiKey)
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(HEALTH_TIMEOUT_MS)
    const response = await fetch(new URL('/api/health', url), { signal })
    await response.body?.cancel()
    return response.status === 200
  } catch {
    return false
  }
}
