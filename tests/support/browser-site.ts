import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import type { ApiClient } from '#lib/delivery/client/api-client.ts'
import type { DemoCredentials } from '#lib/platform/auth/write-first-credentials.ts'
import type { Role } from '#lib/platform/permissions.ts'
import { DEMO_FINDINGS } from '../../demo/findings.ts'
import { DEMO_PATIENT_PATTERN, drawMissingDatasets } from '../../demo/make-dataset.ts'
import { type Instance, startInstance } from './instance.ts'
import { evaluate, modelFolderForm, modelForm, scanFolder, serviceApi, uploadVersion } from './service-api.ts'
import { makePng } from './test-images.ts'
import { testModelCard } from './test-models.ts'

/** A running service with something to look at, shared by the files of the browser suite. */
export type BrowserSite = {
  url: string
  apiKey: string
  dataDir: string
  users: DemoCredentials['users']
  /** The cookie of a signed-in user, for each role. */
  sessions: Record<Role, SessionCookie>
  /** Nine finding classes, two versions, one succeeded run of each; the second version's is the later. */
  dataset: string
  versions: [string, string]
  runs: [string, string]
  /** The folder of its images. */
  imagesFolder: string
  /** Other images, not evaluated yet: for what a test launches itself. */
  unevaluated: string
  /** A version, a dataset and a run of it whose names are what an attacker would type. */
  hostile: { version: string; dataset: string; run: string }
  /** Their process ids, for a test that takes something away for a while. */
  processes: { supervisor: number; evaluator: number; database: number }
}
type SessionCookie = { name: string; value: string; url: string }

declare module 'vitest' {
  interface ProvidedContext {
    browserSite: BrowserSite
  }
}

/** What runs or shows itself where a name is taken for anything but text. Folders may be called so, but hold no `/`. */
export const HOSTILE_CLASSES = [
  `<img src=x onerror="document.title='taken'">`,
  `"><script>document.title='taken'<!--`,
  `{{constructor.constructor('document.title=1')()}} \u202e\u2066`,
] as const
export const HOSTILE_MODEL = `<script>document.title='taken'</script><b id="injected">`
export const HOSTILE_PERSON = `<svg onload="document.title='taken'"> O'Brien & Söhne`

const HOSTILE_DATASET = 'hostile'
const IMAGES_OF_A_HOSTILE_CLASS = 4

/** Vitest's global set-up of the browser suite. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const work = mkdtempSync(path.join(tmpdir(), 'sr-site-'))
  let instance: Instance | undefined
  const stop = async () => {
    await instance?.stop()
    rmSync(work, { recursive: true, force: true })
  }
  try {
    const [started] = await Promise.all([
      // Tests stop its processes for as long as they look.
      startInstance({
        env: { DATASET_ROOTS: work, SESSION_IDLE_MINUTES: '60', HEARTBEAT_SECONDS: '0' },
      }),
      drawImages(work),
    ])
    instance = started
    project.provide('browserSite', await furnish(instance, work))
  } catch (error) {
    await stop()
    throw error
  }
  return stop
}

/** Twice some 200 of the demo's images, all of its classes. */
async function drawImages(work: string): Promise<void> {
  const findings = DEMO_FINDINGS.map((finding) => ({ ...finding, patients: 20 }))
  for (const [name, seed] of [
    ['final_eval', 1],
    ['reading_room', 2],
  ] as const)
    await drawMissingDatasets(path.join(work, name), ['train'], { seed, findings })
}

async function furnish(instance: Instance, work: string): Promise<BrowserSite> {
  const api = serviceApi(instance)
  const credentials: DemoCredentials = JSON.parse(
    await readFile(path.join(instance.dataDir, 'demo-credentials.json'), 'utf8'),
  )
  const folderOf = (name: string) => path.join(work, name, 'train')
  for (const name of ['final_eval', 'reading_room'])
    await scanFolder(api, name, folderOf(name), { patientPattern: DEMO_PATIENT_PATTERN })
  const versions = await uploadVersions(api)
  const first = await finishRun(api, versions[0], 'final_eval')
  const second = await finishRun(api, versions[1], 'final_eval')
  return {
    url: instance.url,
    apiKey: instance.apiKey,
    dataDir: instance.dataDir,
    users: credentials.users,
    sessions: await openSessions(instance.url, credentials.users),
    dataset: 'final_eval',
    imagesFolder: folderOf('final_eval'),
    versions,
    runs: [first, second],
    unevaluated: 'reading_room',
    hostile: await makeHostile(api, work),
    processes: {
      supervisor: instance.supervisor.pid ?? 0,
      evaluator: instance.pid('evaluator'),
      database: instance.pid('database'),
    },
  }
}

async function uploadVersions(api: ApiClient): Promise<[string, string]> {
  const upload = async (version: string) =>
    (await uploadVersion(api, await modelFolderForm(path.join('demo', 'models', version)))).id
  return [await upload('v1'), await upload('v2')]
}

async function finishRun(api: ApiClient, modelVersionId: string, dataset: string): Promise<string> {
  const run = await evaluate(api, modelVersionId, dataset)
  if (run.status !== 'succeeded') throw new Error(JSON.stringify(run))
  return run.id
}

async function makeHostile(api: ApiClient, work: string): Promise<BrowserSite['hostile']> {
  const folder = path.join(work, HOSTILE_DATASET)
  for (const findingClass of HOSTILE_CLASSES) {
    mkdirSync(path.join(folder, findingClass), { recursive: true })
    for (let number = 0; number < IMAGES_OF_A_HOSTILE_CLASS; number++) {
      const image = makePng({ width: 64, height: 64, shade: 60 * number, note: `${findingClass} ${number}` })
      writeFileSync(path.join(folder, findingClass, `<i onclick=alert(1)>${number}.png`), image)
    }
  }
  await scanFolder(api, HOSTILE_DATASET, folder)
  const card = testModelCard({ name: HOSTILE_MODEL, findingClasses: HOSTILE_CLASSES })
  const { id: version } = await uploadVersion(api, await modelForm('valid', card))
  await api.POST('/api/users', {
    body: { email: 'obrien@second-reader.example', name: HOSTILE_PERSON, roles: ['read-only'] },
  })
  return { version, dataset: HOSTILE_DATASET, run: await finishRun(api, version, HOSTILE_DATASET) }
}

async function openSessions(url: string, users: DemoCredentials['users']): Promise<BrowserSite['sessions']> {
  const opened = users.map(async ({ role, email, password }) => [
    role,
    await openSession(url, { email, password }),
  ])
  return Object.fromEntries(await Promise.all(opened))
}

/** Signs in past the page; gives the session's cookie. */
export async function openSession(
  url: string,
  person: { email: string; password: string },
): Promise<SessionCookie> {
  const response = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: url },
    body: JSON.stringify({ email: person.email, password: person.password }),
  })
  const pair = response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  if (!response.ok || pair === '') throw new Error(`${person.email} was not signed in: ${response.status}`)
  const separator = pair.indexOf('=')
  return { name: pair.slice(0, separator), value: pair.slice(separator + 1), url }
}
