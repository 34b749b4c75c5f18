import { describe, expect, it } from 'vitest'
import { parseEvaluatorSettings, workerEnvironment } from './env.ts'

const token = 't'.repeat(32)

describe('parseEvaluatorSettings', () => {
  it('needs nothing but the token', () => {
    const parsed = parseEvaluatorSettings({ EVALUATOR_TOKEN: token, DATA_DIR: '/data', HOST: '' })
    expect(parsed).toMatchObject({
      settings: {
        host: '127.0.0.1',
        port: 8270,
        tokens: [token],
        objectStoreUrl: 'file:/data/objects',
        datasetRoots: ['/data/datasets', '/data/demo'],
        imageLimitBytes: 25 * 1024 * 1024,
      },
    })
  })
  it('names every fault at once, and no token', () => {
    const parsed = parseEvaluatorSettings({
      EVALUATOR_TOKEN: 'short-secret',
      EVALUATOR_PORT: 'http',
      OBJECT_STORE_URL: 'ftp://store',
      EVALUATOR_PROVIDER: 'tpu',
    })
    const faults = 'faults' in parsed ? parsed.faults : []
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual([
      'EVALUATOR_PORT',
      'EVALUATOR_TOKEN',
      'OBJECT_STORE_URL',
      'EVALUATOR_PROVIDER',
    ])
    expect(faults.join()).not.toContain('short-secret')
  })
  it('says that the token is missing', () => {
    expect(parseEvaluatorSettings({})).toEqual({ faults: ['EVALUATOR_TOKEN is required'] })
  })
})

describe('the memory of an inference process', () => {
  const memoryMegabytes = (env: Record<string, string>) => {
    const parsed = parseEvaluatorSettings({ EVALUATOR_TOKEN: token, ...env })
    return 'settings' in parsed ? parsed.settings.workerMemoryBytes / 2 ** 20 : parsed.faults
  }
  it.each([
    ['1024', 4608],
    ['2047', 8700],
    ['100', 2048],
  ])('is what models of at most %s MB need', (EVALUATOR_MODEL_LIMIT_MB, needed) => {
    expect(memoryMegabytes({ EVALUATOR_MODEL_LIMIT_MB })).toBe(needed)
    const stated = { EVALUATOR_MODEL_LIMIT_MB, EVALUATOR_WORKER_MEMORY_MB: `${needed}` }
    expect(memoryMegabytes(stated)).toBe(needed)
  })
  it('is refused where it is less, with both remedies', () => {
    const [fault, ...others] = [memoryMegabytes({ EVALUATOR_WORKER_MEMORY_MB: '1536' })].flat()
    expect(others).toEqual([])
    for (const part of ['EVALUATOR_WORKER_MEMORY_MB', '4608', 'leave it empty', 'EVALUATOR_MODEL_LIMIT_MB'])
      expect(fault).toContain(part)
  })
})

describe('the environment of an inference child', () => {
  it('has no token and no credentials', () => {
    const passed = workerEnvironment({ EVALUATOR_TOKEN: 'x', AWS_SECRET_ACCESS_KEY: 'x', TZ: 'UTC' })
    expect(Object.keys(passed).sort()).toEqual(['GLIBC_TUNABLES', 'ORT_DISABLE_TELEMETRY', 'TZ'])
  })
  it('asks for large pages, unless the operator has tuned glibc otherwise', () => {
    expect(workerEnvironment({}).GLIBC_TUNABLES).toContain('glibc.malloc.hugetlb=1')
    const own = 'glibc.malloc.arena_max=1'
    expect(workerEnvironment({ GLIBC_TUNABLES: own }).GLIBC_TUNABLES).toBe(own)
  })
})
