import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { readyReplySchema } from '#lib/model/evaluator/evaluator-contract.ts'
import { EvaluatorProcess } from '#tests/support/evaluator-process.ts'
import * as hostile from '#tests/support/hostile-images.ts'
import { largestPng } from '#tests/support/largest-png.ts'
import { testModelCard } from '#tests/support/test-models.ts'
import { isAlive, waitUntil } from '#tests/support/wait-until.ts'
import { NOBODY } from './private-folder.ts'

const running: EvaluatorProcess[] = []
async function start(environment: Record<string, string> = {}): Promise<EvaluatorProcess> {
  const evaluator = await EvaluatorProcess.start(environment)
  running.push(evaluator)
  return evaluator
}
afterEach(async () => {
  for (const evaluator of running.splice(0)) await evaluator.stop()
})

function statusWithHost(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    httpRequest({ hostname, port, path: '/health', headers: { host } }, (response) =>
      resolve(response.statusCode),
    )
      .on('error', reject)
      .end()
  })
}

describe('access', () => {
  it('to everything but health, readiness and metrics needs the token', async () => {
    const previous = 'p'.repeat(40)
    const evaluator = await start({ EVALUATOR_TOKEN_PREVIOUS: previous })
    for (const route of ['/health', '/ready', '/metrics'])
      expect((await fetch(`${evaluator.url}${route}`)).status).toBe(200)
    for (const route of ['/evaluations', '/predictions', '/admissions', '/anything']) {
      const answer = (authorization: string) =>
        fetch(`${evaluator.url}${route}`, { method: 'POST', headers: { authorization } }).then(
          ({ status }) => status,
        )
      expect([
        await answer(''),
        await answer('Bearer wrong'),
        await answer(`Basic ${evaluator.token}`),
      ]).toEqual([401, 401, 401])
      expect(await answer(`Bearer ${evaluator.token}`)).not.toBe(401)
      expect(await answer(`Bearer ${previous}`)).not.toBe(401)
    }
  })

  it('is refused under a foreign host name and to web pages', async () => {
    const evaluator = await start()
    expect(await statusWithHost(evaluator.url, 'evil.test')).toBe(421)
    expect(await statusWithHost(evaluator.url, new URL(evaluator.url).host)).toBe(200)
    const response = await evaluator.post('/admissions', {}, { headers: { origin: 'https://evil.test' } })
    expect(response.status).toBe(403)
  })

  it('is impossible without a token of 32 characters: the service does not start', async () => {
    const child = spawn(process.execPath, ['evaluator/server.ts'], {
      env: { PATH: process.env.PATH, EVALUATOR_TOKEN: 'short' } as unknown as NodeJS.ProcessEnv,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const [[text], [code]] = await Promise.all([once(child.stderr, 'data'), once(child, 'exit')])
    expect(code).toBe(1)
    expect(String(text)).toContain('EVALUATOR_TOKEN is shorter than 32 characters')
  })
})

describe('bodies', () => {
  it('that are no JSON are refused', async () => {
    const evaluator = await start()
    for (const body of ['{"model":', '{"a":1,}', '﻿{}x', 'null', '[]', '"text"', '{"__proto__":{"x":1}}'])
      expect((await evaluator.request('/evaluations', { method: 'POST', body })).status).toBe(400)
    const text = await evaluator.request('/evaluations', {
      method: 'POST',
      body: 'a',
      headers: { 'content-type': 'text/plain' },
    })
    expect(text.status).toBe(415)
  })

  it('above the limit are refused, and so is an image above its own', async () => {
    const evaluator = await start({ EVALUATOR_BODY_LIMIT_MB: '1', UPLOAD_LIMIT_MB: '0.01' })
    const model = await evaluator.storeModel('valid')
    const bytes = Buffer.alloc(2 ** 20).toString('base64')
    expect((await evaluator.post('/predictions', { model, image: { bytes } })).status).toBe(413)
    const image = { bytes: Buffer.alloc(20_000).toString('base64') }
    expect(await (await evaluator.post('/predictions', { model, image })).json()).toMatchObject({
      code: 'TOO_LARGE',
    })
    await evaluator.storeObject('large.png', Buffer.alloc(20_000))
    const stored = { location: null, key: 'large.png' }
    expect(await (await evaluator.post('/predictions', { model, image: stored })).json()).toMatchObject({
      code: 'TOO_LARGE',
    })
  })
})

describe('an image', () => {
  it('of the largest size is answered the tenth time as the first, and so is a run of such images', async () => {
    const evaluator = await start({ EVALUATOR_WORKERS: '1', EVALUATOR_DECODE_SECONDS: '100' })
    const model = await evaluator.storeModel('valid')
    const bytes = (await largestPng(77)).toString('base64')
    const children = await childPids(evaluator)
    const items = Array.from({ length: 10 }, (_, i) => ({ id: `${i}`, source: { bytes } }))
    const small = { id: 'small', source: { bytes: hostile.plainPng(64, 64, 77).toString('base64') } }
    const { lines } = await evaluator.evaluate({ model, items: [small, ...items] })
    const [expected, ...others] = lines.map((line) =>
      line.status === 'ok' ? line.probabilities.join() : line.code,
    )
    expect(expected).toContain(',')
    expect(others).toEqual(Array(10).fill(expected))
    expect(await childPids(evaluator)).toEqual(children)
  })

  it('that takes too long to decode costs its own row', async () => {
    const evaluator = await start({ EVALUATOR_DECODE_SECONDS: '0.25' })
    const model = await evaluator.storeModel('valid')
    const slow = await hostile.pictureJpeg(7000, { progressive: true })
    const quick = await hostile.pictureJpeg(64)
    await evaluator.evaluate({
      model,
      items: [1, 2, 3, 4].map((id) => ({ id: `${id}`, source: { bytes: quick.toString('base64') } })),
    })
    const items = [slow, quick, quick].map((bytes, i) => ({
      id: `${i}`,
      source: { bytes: bytes.toString('base64') },
    }))
    const { lines, done } = await evaluator.evaluate({ model, items })
    expect(done).toBe(true)
    expect(lines.find((line) => line.id === '0')).toMatchObject({ status: 'error', code: 'DECODE_TIMEOUT' })
    expect(lines.filter((line) => line.status === 'ok')).toHaveLength(2)
  })

  it('whose child is killed from outside is answered by another', async () => {
    const evaluator = await start({ EVALUATOR_WORKERS: '1' })
    const model = await evaluator.storeModel('valid')
    const bytes = (await hostile.pictureJpeg(7000, { progressive: true })).toString('base64')
    await evaluator.post('/predictions', { model, image: { bytes } })
    const answer = evaluator.evaluate({ model, items: [{ id: 'a', source: { bytes } }] })
    await untilBusy(evaluator)
    const [child] = await childPids(evaluator)
    process.kill(child as number, 'SIGKILL')
    expect((await answer).lines).toMatchObject([{ id: 'a', status: 'ok' }])
  })
})

describe('what it shows', () => {
  it('is the provider and the state of its children', async () => {
    const ready = readyReplySchema.parse(await (await (await start()).request('/ready')).json())
    expect(ready).toMatchObject({ status: 'ready', provider: 'cpu', workers: { total: 2 }, warning: null })
  })

  it('is metrics by route, outcome and provider, and a log without names of images', async () => {
    const evaluator = await start()
    const model = await evaluator.storeModel('valid')
    const key = 'lung-normal/CANARY^PATIENT.jpg'
    await evaluator.storeObject(key, await hostile.pictureJpeg(64))
    const items = [
      { id: key, source: { location: null, key } },
      { id: 'b', source: { location: null, key: `${key}x` } },
    ]
    await evaluator.evaluate({ model, items })
    await evaluator.post(`/nothing/${key}?name=CANARY`, {})
    const metrics = await (await evaluator.request('/metrics')).text()
    for (const line of [
      'evaluator_images_total{outcome="ok"} 1',
      'evaluator_images_total{outcome="NOT_FOUND"} 1',
      'http_requests_total{method="POST",handler="/evaluations",status="2xx"} 1',
      'http_requests_total{method="POST",handler="none",status="4xx"} 1',
      'evaluator_info{provider="cpu"} 1',
      'evaluator_workers{state="total"} 2',
    ])
      expect(metrics).toContain(line)
    expect(evaluator.log.join('\n') + metrics).not.toContain('CANARY')
    expect(evaluator.log.join('\n')).not.toContain(evaluator.token)
  })

  it('is an id of the request that the caller may choose', async () => {
    const evaluator = await start()
    const chosen = await evaluator.post('/predictions', {}, { headers: { 'x-request-id': 'run-7.chunk-3' } })
    expect((await chosen.json()).error.requestId).toBe('run-7.chunk-3')
    const forged = await evaluator.post('/predictions', {}, { headers: { 'x-request-id': 'a b"c' } })
    expect((await forged.json()).error.requestId).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe.runIf(process.platform === 'linux')('its children', () => {
  it('stand in an empty folder away from all data, and are not root where it is', async () => {
    const evaluator = await start()
    await expect
      .poll(
        async () => readyReplySchema.parse(await (await evaluator.request('/ready')).json()).workers.alive,
      )
      .toBe(2)
    for (const pid of await childPids(evaluator)) {
      const folder = await readlink(`/proc/${pid}/cwd`)
      expect(await readdir(folder)).toEqual([])
      expect(path.relative(folder, evaluator.folder)).toMatch(/^\.\./)
      const user = Number(/^Uid:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1])
      expect(user).toBe(process.getuid?.() === 0 ? NOBODY : process.getuid?.())
    }
  })
})

describe('its end', () => {
  it('by SIGTERM cuts a stream without a trailer, leaves no child and no file, and is clean', async () => {
    const evaluator = await EvaluatorProcess.start()
    const model = await evaluator.storeModel('valid', testModelCard())
    await evaluator.storeObject('a.jpg', await hostile.pictureJpeg(2000))
    const items = Array.from({ length: 1000 }, (_, i) => ({
      id: `${i}`,
      source: { location: null, key: 'a.jpg' },
    }))
    const answer = evaluator.evaluate({ model, items })
    await untilBusy(evaluator)
    const children = await childPids(evaluator)
    const started = performance.now()
    expect(await evaluator.stop()).toBe(0)
    expect(performance.now() - started).toBeLessThan(10_000)
    const { lines, done } = await answer
    expect(done).toBe(false)
    for (const line of lines) expect(line.status).toBe('ok')
    // The reader of the folder is not waited for, as one that hangs would keep the evaluator: it ends by itself.
    await waitUntil('its children end', () => !children.some(isAlive))
  })

  it('comes by itself when the process that supervises it has gone', async () => {
    const child = fork('evaluator/server.ts', {
      env: {
        PATH: process.env.PATH ?? '',
        NODE_ENV: 'test',
        EVALUATOR_PORT: '0',
        EVALUATOR_TOKEN: 't'.repeat(32),
      },
      execArgv: [],
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    })
    await once(child.stdout as NodeJS.ReadableStream, 'data')
    const exited = once(child, 'exit')
    child.disconnect()
    expect((await exited)[0]).toBe(0)
  })

  it('by kill -9 takes its children along, and the next one clears its files away', async () => {
    // Every evaluator that starts clears away what was left in its folder for files: this one has its own.
    const TMPDIR = await mkdtemp(path.join(tmpdir(), 'sr-killed-'))
    onTestFinished(() => rm(TMPDIR, { recursive: true, force: true }))
    const evaluator = await start({ TMPDIR })
    const children = await childPids(evaluator)
    expect(children).toHaveLength(2)
    evaluator.child.kill('SIGKILL')
    await waitUntil('its children end', () => !children.some(isAlive))
    const leftBehind = await readdir(TMPDIR)
    expect(leftBehind).toEqual([expect.stringContaining(`-models-${evaluator.child.pid}-`)])
    const next = await start({ TMPDIR })
    expect(await readdir(TMPDIR)).toEqual([expect.stringContaining(`-models-${next.child.pid}-`)])
  })
})

async function untilBusy(evaluator: EvaluatorProcess): Promise<void> {
  await waitUntil('a child gets busy', async () => {
    const { workers } = readyReplySchema.parse(await (await evaluator.request('/ready')).json())
    return workers.busy > 0
  })
}

async function childPids(evaluator: EvaluatorProcess): Promise<number[]> {
  const ps = spawn('ps', ['-o', 'pid=', '--ppid', String(evaluator.child.pid)])
  let text = ''
  for await (const piece of ps.stdout) text += piece
  return text.trim().split(/\s+/).map(Number)
}
