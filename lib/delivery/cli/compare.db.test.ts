import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as comparisonRoute from '#app/api/[...path]/route.ts'
import { importPredictions } from '#lib/model/prediction-import/import.ts'
import { createApiKey } from '#lib/platform/auth/create-api-key.ts'
import { taskActor } from '#lib/platform/context.ts'
import { openTestService, type TestService } from '#tests/support/test-service.ts'
import { parseCommandLine } from './command-line.ts'
import { compareCommand } from './compare.ts'
import type { Terminal } from './terminal.ts'

let service: TestService
let server: Server
let environment: NodeJS.ProcessEnv
const context = () => ({
  db: service.service.db,
  actor: taskActor('test'),
  now: new Date(),
  requestId: 'r',
})
beforeAll(async () => {
  service = await openTestService()
  const { key } = await createApiKey(context(), { name: 'lead', roles: ['ml-lead'] })
  // The one route that the command asks, as Next serves it.
  server = createServer(async (request, response) => {
    const { host, authorization } = request.headers
    const reply = await comparisonRoute.GET(
      new Request(`http://${host}${request.url}`, { headers: { authorization: authorization ?? '' } }),
    )
    response.writeHead(reply.status, { 'content-type': 'application/json' }).end(await reply.text())
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  environment = { NODE_ENV: 'test', SECOND_READER_URL: url, SECOND_READER_API_KEY: key }
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await service.close()
})

async function load(wrongEach: number): Promise<string> {
  const predictions = Array.from({ length: 120 }, (_, i) => ({
    imageKey: `a/${i}`,
    referenceClass: 'a',
    probabilities: i % wrongEach === 0 ? [0.2, 0.8] : [0.9, 0.1],
  }))
  const modelVersion = { name: 'compared', findingClasses: ['a', 'b'] }
  const input = { modelVersion, dataset: 'compared', predictions }
  return (await importPredictions(context(), input, { idempotencyKey: null })).modelVersionId
}

async function compare(...words: string[]) {
  const written = { out: '', err: '' }
  const stream = (name: 'out' | 'err') => ({ write: (part: string) => (written[name] += part) })
  const terminal = {
    out: stream('out'),
    err: stream('err'),
    interrupted: new AbortController().signal,
  } as unknown as Terminal
  const command = parseCommandLine(['compare', ...words, '--dataset', 'compared'])
  if (command.name !== 'compare') throw new Error(command.name)
  const code = await compareCommand(command, environment, '/nowhere', terminal)
  return { code, ...written }
}

describe('second-reader compare', () => {
  let better: string
  let worse: string
  beforeAll(async () => {
    better = await load(60)
    worse = await load(4)
  })

  test('prints the table and ends with 0 where the candidate is better', async () => {
    const { code, out, err } = await compare('--baseline', worse, '--candidate', better)
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^compared v1 against compared v2 on compared: better$/m)
    expect(out).toMatch(/^accuracy {5}\+0\.2333 {2}\(95% CI \+0\.\d{4} to \+0\.\d{4}\) {2}n = 120$/m)
    expect(out).toMatch(/^a +120 +0\.7500 +0\.9833 +\+0\.2333 .* < 0\.0001$/m)
    expect(out).toMatch(/^b +0 +– +– +– +– +– +–$/m)
  })

  test('ends with 1 where the candidate is worse, and says so', async () => {
    const { code, err } = await compare('--baseline', better, '--candidate', worse)
    expect(code).toBe(1)
    expect(err).toBe(
      'compared v2 is worse than compared v1: 75.0% against 98.3% of 120 images correct, a difference between −31.7 and −15.8 points.\n',
    )
  })

  test('ends with 1 unless the candidate keeps within the margin', async () => {
    const same = ['--baseline', better, '--candidate', better]
    expect((await compare(...same)).code).toBe(0)
    expect((await compare(...same, '--margin', '0.1', '--must-not-miss', 'a')).code).toBe(0)
    const strict = await compare(...same, '--margin', '0.001', '--must-not-miss', 'a', '--json')
    expect(strict.code).toBe(1)
    expect(strict.err).toMatch(/^The accuracy may be .* below the baseline's/m)
    expect(strict.err).toMatch(/^a \(critical finding\)/m)
    expect(JSON.parse(strict.out)).toMatchObject({
      passes: false,
      comparison: { n: 120, verdict: 'undecided' },
    })
  })

  test('says what the service says where it cannot be done', async () => {
    const unknown = '00000000-0000-4000-8000-000000000000'
    await expect(compare('--baseline', better, '--candidate', unknown)).rejects.toThrow(/no model version/)
  })

  test.each([
    [['--baseline', 'v1', '--candidate', 'v2'], /--baseline v1 is no version's id/],
    [['--baseline', '00000000-0000-4000-8000-000000000000'], /needs --baseline, --candidate and --dataset/],
    [['--margin', '2'], /needs --baseline/],
  ])('refuses %j as wrong use', async (words, message) => {
    await expect(compare(...words)).rejects.toThrow(message)
  })
})
