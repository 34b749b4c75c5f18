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
    expect(parseEvaluatorSettings({ EVALUATOR_TOKEN: token, ...stated })).toMatchObject({
      settings: { modelLimitBytes: Number(EVALUATOR_MODEL_LIMIT_MB) * 2 ** 20, memoryShortage: null },
    })
  })
  it.each([
    ['1536', '1024', 256],
    ['2048', '1024', 384],
    ['512', '1024', 32],
    ['1536', '100', 100],
  ])('of %s MB lowers a model limit of %s to %s, and says why', (memory, modelLimit, lowered) => {
    const env = { EVALUATOR_WORKER_MEMORY_MB: memory, EVALUATOR_MODEL_LIMIT_MB: modelLimit }
    const parsed = parseEvaluatorSettings({ EVALUATOR_TOKEN: token, ...env })
    const settings = 'settings' in parsed ? parsed.settings : undefined
    expect(settings?.workerMemoryBytes).toBe(Number(memory) * 2 ** 20)
    expect(settings?.modelLimitBytes).toBe(lowered * 2 ** 20)
    for (const part of [`at most ${lowered} MB`, `EVALUATOR_WORKER_MEMORY_MB is ${memory}`])
      expect(settings?.memoryShortage).toContain(part)
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
