import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { PoolReply, PoolTask } from '#tests/support/pool-child.ts'
import { isAlive, waitUntil } from '#tests/support/wait-until.ts'
import { ProcessPool, type RunOptions } from './process-pool.ts'

const environment = { PATH: process.env.PATH ?? '' }
const options = {
  script: path.resolve('tests/support/pool-child.ts'),
  settings: {} as unknown,
  startSeconds: 60,
  memoryLimitBytes: 400 * 2 ** 20,
  environment,
}
const deadlines = { firstStage: 'first', seconds: { first: 5, second: 0.5 } }
const pools: ProcessPool<PoolTask, PoolReply>[] = []

function startPool(size: number, changes: Partial<typeof options> = {}) {
  const pool = new ProcessPool<PoolTask, PoolReply>({ ...options, ...changes, size })
  pools.push(pool)
  return (task: PoolTask, more: Partial<RunOptions> = {}) => pool.run(task, { deadlines, ...more })
}
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close()
})

describe('ProcessPool', () => {
  it('carries bytes there and back unchanged', async () => {
    const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => i % 251)
    const run = startPool(1)
    for (const payload of [
      bytes,
      bytes.subarray(5, 70_000),
      new Uint8Array(20_000_000).fill(7),
      new Uint8Array(),
    ]) {
      const outcome = await run({ do: 'echo' }, { payload })
      expect(outcome.kind === 'done' && Buffer.from(outcome.value as Uint8Array).equals(payload)).toBe(true)
    }
  })

  it('reports what a task throws and keeps the child', async () => {
    const run = startPool(1)
    const before = await run({ do: 'pid' })
    expect(await run({ do: 'throw' })).toEqual({ kind: 'failed', message: 'the task is impossible' })
    expect(await run({ do: 'pid' })).toEqual(before)
  })

  it('replaces a child that crashes, and answers the tasks behind it', async () => {
    const run = startPool(1)
    const payload = new Uint8Array(20_000_000)
    const [crashed, next] = await Promise.all([run({ do: 'abort' }, { payload }), run({ do: 'pid' })])
    expect(crashed).toMatchObject({ kind: 'crash', stage: 'first' })
    expect(next.kind).toBe('done')
  })

  it('kills a child that misses the deadline of its stage, and names the stage', async () => {
    const run = startPool(1)
    expect(await run({ do: 'hang', stage: 'second' })).toEqual({ kind: 'timeout', stage: 'second' })
    expect((await run({ do: 'pid' })).kind).toBe('done')
  })

  it('kills a child that grows beyond its limit, although its thread never pauses', async () => {
    expect(await startPool(1)({ do: 'grow' })).toEqual({ kind: 'memory', stage: 'first' })
  })

  it('counts no address space that a child reserves, only the memory that it fills', async () => {
    const bytes = 6 * 2 ** 30
    expect(await startPool(1)({ do: 'reserve', bytes })).toEqual({ kind: 'done', value: bytes })
  })

  it('replaces a child whose allocation failed, and says what failed', async () => {
    const run = startPool(1)
    const before = await run({ do: 'pid' })
    expect(await run({ do: 'reserve', bytes: 2 ** 52 })).toEqual({ kind: 'memory', stage: 'first' })
    const after = await run({ do: 'pid' })
    expect([after.kind, after]).toEqual(['done', expect.not.objectContaining(before)])
  })

  it('lets a child that is killed for its memory cost no other task', async () => {
    const run = startPool(2)
    const others = Array.from({ length: 6 }, () => run({ do: 'pid' }))
    expect((await run({ do: 'grow' })).kind).toBe('memory')
    expect((await Promise.all(others)).map(({ kind }) => kind)).toEqual(Array(6).fill('done'))
  })

  it('gives back what large tasks left: the twentieth finds as much memory as the first', async () => {
    const run = startPool(1)
    const bytes = 150 * 2 ** 20
    const outcomes = [await run({ do: 'pid' })]
    for (let i = 0; i < 20; i++) outcomes.push(await run({ do: 'fill', bytes }))
    outcomes.push(await run({ do: 'pid' }))
    expect(outcomes.slice(1, -1)).toEqual(Array(20).fill({ kind: 'done', value: bytes }))
    expect(outcomes.at(-1)).toEqual(outcomes[0])
  })

  it.each([1, 2])('runs a task in a fresh child where it asks for one, of %i', async (size) => {
    const run = startPool(size)
    const pidOf = async (more: Partial<RunOptions> = {}) => {
      const outcome = await run({ do: 'pid' }, more)
      return outcome.kind === 'done' ? outcome.value : outcome.kind
    }
    const used = new Set(await Promise.all(Array.from({ length: size }, () => pidOf())))
    const [first, second] = [await pidOf({ inFreshChild: true }), await pidOf({ inFreshChild: true })]
    expect([typeof first, typeof second, used.has(first), first === second]).toEqual([
      'number',
      'number',
      false,
      false,
    ])
    expect(typeof (await pidOf())).toBe('number')
  })

  it('replaces a child that never becomes ready', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'sr-pool-'))
    const run = startPool(1, { settings: { hangUnless: path.join(folder, 'hung') }, startSeconds: 10 })
    expect((await run({ do: 'pid' })).kind).toBe('done')
    rmSync(folder, { recursive: true })
  })

  it('answers one task while another hangs', async () => {
    const run = startPool(2)
    const hanging = run({ do: 'hang', stage: 'second' })
    expect((await run({ do: 'pid' })).kind).toBe('done')
    expect((await hanging).kind).toBe('timeout')
  })

  it('drops a waiting task that is aborted', async () => {
    const run = startPool(1)
    const abort = new AbortController()
    const hanging = run({ do: 'hang', stage: 'second' })
    const waiting = run({ do: 'pid' }, { signal: abort.signal })
    abort.abort()
    expect(await waiting).toEqual({ kind: 'cancelled' })
    await hanging
  })

  it('takes an urgent task before those that wait', async () => {
    const run = startPool(1)
    const order: string[] = []
    const first = run({ do: 'hang', stage: 'second' })
    const patient = run({ do: 'pid' }).then(() => order.push('patient'))
    const urgent = run({ do: 'pid' }, { urgent: true }).then(() => order.push('urgent'))
    await Promise.all([first, patient, urgent])
    expect(order).toEqual(['urgent', 'patient'])
  })

  it('serves urgent tasks in the order in which they came', async () => {
    const run = startPool(1)
    const order: string[] = []
    const first = run({ do: 'hang', stage: 'second' })
    const others = ['one', 'two', 'three'].map((name) =>
      run({ do: 'pid' }, { urgent: true }).then(() => order.push(name)),
    )
    await Promise.all([first, ...others])
    expect(order).toEqual(['one', 'two', 'three'])
  })

  it('leaves no child behind when it closes, not even one that hangs', async () => {
    const run = startPool(2)
    const pid = await run({ do: 'pid' })
    const hanging = run({ do: 'hang' })
    await pools[0]?.close()
    expect((await hanging).kind).toBe('crash')
    expect(pid.kind === 'done' && isAlive(pid.value as number)).toBe(false)
    expect(await run({ do: 'pid' })).toEqual({ kind: 'cancelled' })
  })

  it('gives a child no secret of its own, and takes it along when killed', async () => {
    process.env.CANARY_SECRET = 'canary'
    const script = path.resolve('tests/support/pool-parent.ts')
    const parent = spawn(process.execPath, [script], {
      env: { ...process.env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [output] = (await once(parent.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
    const { pid, environment: seen } = JSON.parse(output.toString()) as { pid: number; environment: string }
    delete process.env.CANARY_SECRET
    expect(seen).not.toContain('canary')
    // The child hangs by now; killed like this, its parent can tell it nothing.
    parent.kill('SIGKILL')
    await waitUntil('the child ends', () => !isAlive(pid))
  })
})
