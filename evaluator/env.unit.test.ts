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

describe('the environment of an inference child', () => {
  it('has no token and no credentials', () => {
    const passed = workerEnvironment({ EVALUATOR_TOKEN: 'x', AWS_SECRET_ACCESS_KEY: 'x', TZ: 'UTC' })
    expect(Object.keys(passed).sort()).toEqual(['GLIBC_TUNABLES', 'ORT_DISABLE_TELEMETRY', 'TZ'])
  })
  it('asks for large pages, unless the operator has tuned glibc otherwise', () => {
    expect(workerEnvironment({}).GLIBC_TUNABLES).toBe('glibc.malloc.hugetlb=1')
    const own = 'glibc.malloc.arena_max=1'
    expect(workerEnvironment({ GLIBC_TUNABLES: own }).GLIBC_TUNABLES).toBe(own)
  })
})
