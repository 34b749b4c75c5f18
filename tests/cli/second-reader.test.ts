import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ApiClient, dataOf } from '#lib/delivery/client/api-client.ts'
import { exited } from '#tests/support/child-process.ts'
import { type Instance, startInstance } from '#tests/support/instance.ts'
import { present } from '#tests/support/present.ts'
import { modelForm, serviceApi, uploadVersion } from '#tests/support/service-api.ts'
import { makePng } from '#tests/support/test-images.ts'
import { readTestModel, testModelCard } from '#tests/support/test-models.ts'
import { waitUntil } from '#tests/support/wait-until.ts'

const COMMAND = path.join(import.meta.dirname, '..', '..', 'scripts', 'second-reader.js')
const CLASSES = testModelCard().findingClasses

let work: string
let model: string
let dataset: string

beforeAll(async () => {
  work = mkdtempSync(path.join(tmpdir(), 'sr-cli-'))
  model = path.join(work, 'model')
  mkdirSync(model)
  writeFileSync(path.join(model, 'model.onnx'), (await readTestModel('valid')).bytes)
  writeFileSync(path.join(model, 'model.json'), JSON.stringify(testModelCard()))
  dataset = writeDataset('a few images', 24)
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

function writeDataset(name: string, images: number): string {
  for (let number = 0; number < images; number++) {
    const folder = path.join(work, name, CLASSES[number % CLASSES.length] ?? '')
    mkdirSync(folder, { recursive: true })
    const image = makePng({ width: 64, height: 64, shade: number % 256, note: `${name} ${number}` })
    writeFileSync(path.join(folder, `${number}.png`), image)
  }
  return path.join(work, name)
}

/** Starts the command as a shell would, without the settings of the tests' own environment. */
function start(words: string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [COMMAND, ...words], {
    cwd: work,
    detached: true, // a process group of its own, as a shell makes it
    env: {
      PATH: process.env.PATH ?? '',
      TMPDIR: process.env.TMPDIR ?? tmpdir(),
      NODE_ENV: 'test',
      DATA_DIR: path.join(work, 'no-instance-here'),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (text) => (out += text))
  child.stderr.on('data', (text) => (err += text))
  const end = async () => {
    await exited(child)
    return { code: child.exitCode, out, err }
  }
  return { child, end, err: () => err }
}

const run = (words: string[], environment?: Record<string, string>) => start(words, environment).end()

describe('second-reader', () => {
  it.each([
    [['--help'], 0, /Usage: second-reader/],
    [['evaluate', '--help'], 0, /--min-accuracy/],
  ])('%j explains itself', async (words, code, text) => {
    const ended = await run(words)
    expect([ended.code, ended.err]).toEqual([code, ''])
    expect(ended.out).toMatch(text)
  })

  it.each([
    [[], /No command/],
    [['dance'], /Unknown command "dance"/],
    [['evaluate', '--model', 'x'], /needs --model and --dataset/],
    [['evaluate', '--model', 'x', '--dataset', 'y', '--min-accuracy', '85'], /from 0 to 1/],
    [['evaluate', '--model', 'x', '--dataset', 'y', '--surprise'], /--surprise/],
    [['evaluate', '--model', 'x', '--dataset', 'y', '--baseline', 'v1'], /no version's id/],
    [['evaluate', '--model', 'x', '--dataset', 'y', '--margin', '0.1'], /needs --baseline/],
    [['compare', '--dataset', 'y'], /needs --baseline, --candidate and --dataset/],
    [['compare', '--baseline', 'v1', '--candidate', 'v2', '--dataset', 'y'], /no version's id/],
    [['api-key', 'create', '--role', 'king'], /Unknown role "king"/],
    [['api-key', 'create'], /at least one --role/],
  ])('%j is wrong use', async (words, text) => {
    const ended = await run(words)
    expect([ended.code, ended.out]).toEqual([2, ''])
    expect(ended.err).toMatch(text)
  })

  it.each([
    [['--model', 'x', '--dataset', 'y'], /neither a version's id nor a folder/],
    [['--model', '.', '--dataset', 'y'], /has no model.onnx/],
    [['--model', 'model', '--dataset', './not there'], /neither a dataset's name nor a folder/],
  ])('evaluate %j is wrong use, found before a service is started', async (words, text) => {
    const ended = await run(['evaluate', ...words])
    expect([ended.code, ended.out]).toEqual([2, ''])
    expect(ended.err).toMatch(text)
    expect(ended.err).not.toContain('Starting')
  })

  it.each([
    ['a name that no service of before can know', 'unheard-of', {}, /as folders/],
    [
      'a database that is not its own',
      'a few images',
      { DATABASE_URL: 'postgresql://db/x' },
      /no private service can start/,
    ],
  ])('starts no service for %s', async (_what, name, environment, text) => {
    const ended = await run(['evaluate', '--model', 'model', '--dataset', name], environment)
    expect([ended.code, ended.out]).toEqual([3, ''])
    expect(ended.err).toMatch(text)
    expect(ended.err).not.toContain('Starting')
  })

  it('stops the service that it is starting on Ctrl-C', async () => {
    const command = start(['evaluate', '--model', model, '--dataset', dataset])
    await waitUntil('a service is being started', () => command.err().includes('Starting'))
    process.kill(-(command.child.pid ?? 0), 'SIGINT')
    const ended = await command.end()
    expect([ended.code, ended.out]).toEqual([130, ''])
    const [, folder = ''] = /data in (.*?)\)/.exec(ended.err) ?? []
    expect(() => rmSync(folder, { recursive: true })).toThrow(/ENOENT/)
  })

  it('does not exit as if a bar was missed when its output cannot be written', async () => {
    const full = openSync('/dev/full', 'w')
    const child = spawn(process.execPath, [COMMAND, '--help'], { stdio: ['ignore', full, 'pipe'] })
    let err = ''
    child.stderr?.on('data', (text) => (err += text))
    await exited(child)
    closeSync(full)
    expect([child.exitCode, err]).toEqual([3, expect.stringMatching(/output could not be written: ENOSPC/)])
  })

  it('says what is missing when no service runs', async () => {
    const ended = await run(['api-key', 'create', '--role', 'reviewer'])
    expect(ended.code).toBe(3)
    expect(ended.err).toMatch(/DATABASE_URL/)
  })

  it('evaluates a folder with a folder’s model on a service of its own, and leaves nothing running', async () => {
    const words = ['evaluate', '--model', model, '--dataset', dataset, '--json', '--min-accuracy', '1']
    const ended = await run(words)
    expect(ended.code, ended.err).toBe(1)
    const { run: shown, metrics, passes } = JSON.parse(ended.out)
    expect(passes).toBe(false)
    expect(shown).toMatchObject({ status: 'succeeded', progress: { done: 24, errors: 0, total: 24 } })
    expect(metrics.n).toBe(24)
    expect(ended.err).toMatch(/below the threshold of 1/)
    const [, folder = ''] = /data in (.*?)\)/.exec(ended.err) ?? []
    expect(folder).toContain('second-reader-')
    expect(() => rmSync(folder, { recursive: true })).toThrow(/ENOENT/)
  })
})

describe('second-reader beside a running service', () => {
  let instance: Instance
  let api: ApiClient
  let environment: Record<string, string>
  let large: string
  beforeAll(async () => {
    // Takes seconds in one go, in which a kept connection to the service would time out unseen.
    large = writeDataset('many images', 3000)
    instance = await startInstance({ env: { DATASET_ROOTS: work } })
    api = serviceApi(instance)
    environment = { DATA_DIR: instance.dataDir }
  })
  afterAll(() => instance.stop())

  it('asks it, prints the table, and reuses what it knows the second time', async () => {
    const words = ['evaluate', '--model', model, '--dataset', dataset, '--min-accuracy', '0']
    const first = await run(words, environment)
    expect(first.code, first.err).toBe(0)
    expect(first.out).toMatch(/^accuracy +0\.\d{4} {2}\(95% CI 0\.\d{4} to 0\.\d{4}\) {2}n = 24$/m)
    for (const findingClass of CLASSES) expect(first.out).toMatch(new RegExp(`^${findingClass} +8 `, 'm'))
    expect(first.out).toMatch(/0 predictions reused/)
    const second = await run(words, environment)
    expect(second.out).toMatch(/24 predictions reused/)
  })

  it('takes the address and the key of the environment', async () => {
    const [version] = (await dataOf(api.GET('/api/model-versions'))).items
    const [known] = (await dataOf(api.GET('/api/datasets'))).items
    const words = ['evaluate', '--model', present(version).id, '--dataset', present(known).name]
    const named = { SECOND_READER_URL: instance.url, SECOND_READER_API_KEY: instance.apiKey }
    const ended = await run(words, named)
    expect(ended.code, ended.err).toBe(0)
    const refused = await run(words, { ...named, SECOND_READER_API_KEY: 'wrong' })
    expect([refused.code, refused.out]).toEqual([3, ''])
  })

  it('compares two versions, and says by the exit code whether the candidate is worse', async () => {
    const load = async (wrongEach: number) => {
      const predictions = Array.from({ length: 120 }, (_, i) => ({
        imageKey: `a/${i}`,
        referenceClass: 'a',
        probabilities: i % wrongEach === 0 ? [0.2, 0.8] : [0.9, 0.1],
      }))
      const modelVersion = { name: 'compared', findingClasses: ['a', 'b'] }
      const body = { modelVersion, dataset: 'compared', predictions }
      return (await dataOf(api.POST('/api/prediction-sets', { body }))).modelVersionId
    }
    const [better, worse] = [await load(60), await load(4)]
    const compare = (baseline: string, candidate: string, ...more: string[]) =>
      run(
        ['compare', '--baseline', baseline, '--candidate', candidate, '--dataset', 'compared', ...more],
        environment,
      )
    const up = await compare(worse, better)
    expect([up.code, up.err]).toEqual([0, ''])
    expect(up.out).toMatch(/^compared v1 against compared v2 on compared: better$/m)
    const down = await compare(better, worse)
    expect(down.code).toBe(1)
    expect(down.err).toMatch(/compared v2 is worse than compared v1/)
    const margin = await compare(better, worse, '--margin', '0.01', '--must-not-miss', 'a', '--json')
    expect(margin.code).toBe(1)
    expect(JSON.parse(margin.out)).toMatchObject({ passes: false, comparison: { verdict: 'worse', n: 120 } })
    expect(margin.err).toMatch(/a \(critical finding\)/)
  })

  it('evaluates a model against a baseline, evaluating that one too where it must', async () => {
    const form = await modelForm('valid', testModelCard({ name: 'baseline' }))
    const version = await uploadVersion(api, form)
    const fresh = writeDataset('against a baseline', 12)
    const words = ['evaluate', '--model', model, '--dataset', fresh, '--baseline', version.id, '--json']
    const ended = await run(words, environment)
    expect(ended.code, ended.err).toBe(0)
    expect(ended.err).toMatch(/Evaluating the baseline/)
    expect(JSON.parse(ended.out)).toMatchObject({ passes: true, comparison: { verdict: 'undecided', n: 12 } })
  })

  it('says the remedy for a folder that the service may not look into', async () => {
    const outside = mkdtempSync(path.join(tmpdir(), 'sr-outside-'))
    const ended = await run(['evaluate', '--model', model, '--dataset', outside], environment)
    rmSync(outside, { recursive: true })
    expect(ended.code).toBe(3)
    expect(ended.err).toMatch(/DATASET_ROOTS/)
  })

  it('makes an API key that works, with the roles it was asked for', async () => {
    const ended = await run(
      ['api-key', 'create', '--role', 'read-only', '--name', 'from the test'],
      environment,
    )
    expect(ended.code, ended.err).toBe(0)
    const limited = serviceApi({ url: instance.url, apiKey: ended.out.trim() })
    expect((await limited.GET('/api/evaluation-runs')).response.status).toBe(200)
    const refused = limited.POST('/api/datasets', { body: { name: 'x' } })
    await expect(refused).rejects.toMatchObject({ status: 403 })
  })

  it('cancels its run on Ctrl-C', async () => {
    const command = start(['evaluate', '--model', model, '--dataset', large], environment)
    const newest = async () =>
      (await dataOf(api.GET('/api/evaluation-runs', { params: { query: { limit: 1 } } }))).items[0]
    await waitUntil('the run is at work', async () => {
      const latest = await newest()
      return latest?.dataset.startsWith('many-images') === true && latest.status === 'running'
    })
    process.kill(-(command.child.pid ?? 0), 'SIGINT') // as a terminal does: to all of the command's processes
    expect((await command.end()).code).toBe(130)
    await waitUntil('the run is cancelled', async () => (await newest())?.status === 'cancelled')
  })
})
