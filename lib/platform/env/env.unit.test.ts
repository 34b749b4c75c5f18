import { describe, expect, it } from 'vitest'
import { parseSettings } from './env.ts'

function settingsOf(source: Record<string, string>) {
  const parsed = parseSettings(source)
  if ('faults' in parsed) throw new Error(parsed.faults.join('; '))
  return parsed.settings
}

function faultsOf(source: Record<string, string>): string[] {
  const parsed = parseSettings(source)
  return 'faults' in parsed ? parsed.faults : []
}

describe('parseSettings', () => {
  it('binds to loopback with an open compatibility API when nothing is set', () => {
    expect(settingsOf({})).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      baseUrl: 'http://127.0.0.1:3000',
      compatibilityApi: 'open',
      demo: 'on',
      embeddedDatabase: true,
    })
  })

  it('lets datasets be registered from the named folders, and always from the demo’s own', () => {
    const named = settingsOf({ DATA_DIR: '/data', DATASET_ROOTS: '/radiology, /archive' })
    expect(named.datasetRoots).toEqual(['/radiology', '/archive', '/data/demo'])
    expect(settingsOf({ DATA_DIR: '/data' }).datasetRoots).toEqual(['/data/datasets', '/data/demo'])
  })

  it('takes an empty value for one that is not set', () => {
    expect(settingsOf({ PORT: '', SECRET: '', DATASET_ROOTS: '' }).port).toBe(3000)
  })

  it('asks for keys once it listens to other machines, and makes no demo of a given database', () => {
    const settings = settingsOf({ HOST: '0.0.0.0', DATABASE_URL: 'postgresql://x/y' })
    expect(settings).toMatchObject({ compatibilityApi: 'key', demo: 'off', baseUrl: 'http://localhost:3000' })
  })

  it.each([
    ['::1', 'http://[::1]:3000'],
    ['::', 'http://localhost:3000'],
    ['2001:db8::7', 'http://[2001:db8::7]:3000'],
  ])('gives the host %s an address that can be opened', (host, baseUrl) => {
    expect(settingsOf({ HOST: host }).baseUrl).toBe(baseUrl)
  })

  it.each([
    ['PORT', '70000', 'is not a port from 0 to 65535'],
    ['PORT', '1e3', 'is not a port from 0 to 65535'],
    ['EVALUATOR_PORT', 'abc', 'is not a port from 0 to 65535'],
    ['UPLOAD_LIMIT_MB', '-1', 'is not a number of megabytes from 0.001 to 10240'],
    ['UPLOAD_LIMIT_MB', 'NaN', 'is not a number of megabytes from 0.001 to 10240'],
    ['BASE_URL', 'reader.example', 'is not an http:// or https:// address'],
    ['BASE_URL', 'https://reader.example/second-reader', 'paths are not served'],
    ['BASE_URL', 'https://reader.example/?x=1', 'paths are not served'],
    ['BASE_URL', 'https://user@reader.example', 'paths are not served'],
    ['ALLOWED_HOSTS', 'https://reader.example', 'is not a list of host names'],
    ['ALLOWED_HOSTS', 'reader.example,other.example:8443', 'is not a list of host names'],
    ['KEEP_ALIVE_SECONDS', '0', 'is not a number of seconds from 1 to 3600'],
    ['HEARTBEAT_SECONDS', '-1', 'is not a number of seconds from 0 to 3600'],
    ['DATABASE_URL', 'postgresql://u:p@ss#word@host/db', 'write @ as %40'],
    ['EVALUATOR_URLS', 'http://a, b', 'is not an http:// or https:// address'],
    ['DATABASE_URL', 'mysql://x', 'postgresql://'],
    ['OBJECT_STORE_URL', 's3://', 'has no valid bucket name'],
    ['OBJECT_STORE_URL', 'file:relative', 'is not absolute'],
    ['OBJECT_STORE_URL', 'ftp://x', 'is neither file:'],
    ['TRUSTED_PROXY', '10.0.0.0/33', 'is not a list of IP addresses and subnets'],
    ['TRUSTED_PROXY', 'proxy.example', 'is not a list of IP addresses and subnets'],
    ['COMPATIBILITY_API', 'yes', 'is none of open, key, off'],
    ['DEMO', 'maybe', 'is none of on, access, off'],
    ['LOG_LEVEL', 'loud', 'is none of fatal'],
  ])('names the setting %s=%s and what is wrong with it', (name, value, fault) => {
    const [first = '', ...others] = faultsOf({ [name]: value })
    expect(others).toEqual([])
    expect(first.startsWith(`${name} `)).toBe(true)
    expect(first).toContain(fault)
  })

  it('takes a slash at the end of BASE_URL, and host names in any case', () => {
    const { baseUrl, allowedHosts } = settingsOf({
      BASE_URL: 'https://reader.example/',
      ALLOWED_HOSTS: 'Reader.Intranet, 10.0.0.7, [::1]',
    })
    expect(baseUrl).toBe('https://reader.example')
    expect(allowedHosts).toEqual(['reader.intranet', '10.0.0.7', '[::1]'])
  })

  it('keeps connections for longer than the proxies that use them', () => {
    expect(settingsOf({}).keepAliveSeconds).toBeGreaterThan(60)
  })

  it('never shows a secret', () => {
    expect(faultsOf({ SECRET: 'short-canary' }).join()).not.toContain('canary')
    expect(faultsOf({ DATABASE_URL: 'postgresql://u:can@ary#x@host/db' }).join()).not.toContain('ary#x')
  })

  it('lists every fault at once', () => {
    expect(faultsOf({ PORT: 'x', DEMO: 'y', SECRET: 'z' })).toHaveLength(3)
  })
})
