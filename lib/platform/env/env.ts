import path from 'node:path'
import { z } from 'zod'
import { findDatabaseAddressFault } from './database-address.ts'
import { demoFolder } from './demo-folder.ts'
import {
  commaList,
  decimal,
  integer,
  logLevel,
  optional,
  port,
  proxyList,
  secret,
  storeLocation,
  withDefault,
} from './setting-field.ts'

const httpUrl = z.url({ protocol: /^https?$/, error: 'is not an http:// or https:// address' })
const baseUrl = httpUrl.refine(isOrigin, 'is not the address of a host alone: paths are not served')
const hostName = z
  .string()
  .refine((name) => isHostName(name), 'is not a list of host names, without https:// and without a port')
const databaseAddress = z.string().superRefine((address, context) => {
  const message = findDatabaseAddressFault(address)
  if (message !== null) context.addIssue({ code: 'custom', message })
})
const keepAliveSeconds = integer('a number of seconds', { min: 1, max: 3600 })
const megabytes = decimal('a number of megabytes', { min: 0.001, max: 10_240 })
const idleMinutes = integer('a number of minutes', { min: 1, max: 1440 })
/** Above what a busy machine takes for one turn of an event loop; 0 for a debugger that holds it. */
const heartbeatSeconds = integer('a number of seconds', { min: 0, max: 3600 })
const ratio = decimal('a ratio', { min: 0, max: 1 })
const imageCount = integer('a number of images', { min: 0, max: 1_000_000 })
const resamples = integer('a number of resamples', { min: 100, max: 10_000 })
const seed = integer('a seed', { min: 0, max: 2 ** 31 - 1 })
const sessionHours = integer('a number of hours', { min: 1, max: 168 })

const settingsSchema = z
  .object({
    HOST: withDefault(z.string(), '127.0.0.1'),
    PORT: withDefault(port, '3000'),
    BASE_URL: optional(baseUrl),
    ALLOWED_HOSTS: withDefault(commaList.pipe(z.array(hostName)), ''),
    KEEP_ALIVE_SECONDS: withDefault(keepAliveSeconds, '75'),
    SECRET: optional(secret),
    EVALUATOR_PORT: withDefault(port, '8270'),
    EVALUATOR_URLS: withDefault(commaList.pipe(z.array(httpUrl)), ''),
    EVALUATOR_TOKEN: optional(secret),
    DATA_DIR: withDefault(
      z.string().transform((folder) => path.resolve(folder)),
      '.data',
    ),
    ACCEPT_INSTALLATION: withDefault(commaList, ''),
    DATABASE_URL: optional(databaseAddress),
    /** Internal: the socket of the embedded database, told by the supervisor to what it starts. */
    EMBEDDED_DATABASE_URL: optional(z.string()),
    OBJECT_STORE_URL: optional(storeLocation),
    DATASET_ROOTS: optional(commaList),
    TRUSTED_PROXY: withDefault(proxyList, ''),
    UPLOAD_LIMIT_MB: withDefault(megabytes, '25'),
    COMPATIBILITY_API: optional(z.enum(['open', 'key', 'off'], { error: 'is none of open, key, off' })),
    DEMO: optional(z.enum(['on', 'access', 'off'], { error: 'is none of on, access, off' })),
    SESSION_IDLE_MINUTES: withDefault(idleMinutes, '15'),
    SESSION_HOURS: withDefault(sessionHours, '12'),
    HEARTBEAT_SECONDS: withDefault(heartbeatSeconds, '30'),
    GATE_ACCURACY_FLOOR: withDefault(ratio, '0.85'),
    GATE_NON_INFERIORITY_MARGIN: withDefault(ratio, '0.05'),
    GATE_MUST_NOT_MISS: withDefault(commaList, ''),
    GATE_MINIMUM_IMAGES: withDefault(imageCount, '100'),
    GATE_MINIMUM_CLASS_IMAGES: withDefault(imageCount, '10'),
    GATE_RESAMPLES: withDefault(resamples, '1000'),
    GATE_SEED: withDefault(seed, '1'),
    LOG_LEVEL: withDefault(logLevel, 'info'),
  })
  .transform((env) => ({
    host: env.HOST,
    port: env.PORT,
    baseUrl: (env.BASE_URL && new URL(env.BASE_URL).origin) ?? `http://${hostInUrl(env.HOST)}:${env.PORT}`,
    /** Further names under which people reach this service, in lower case. */
    allowedHosts: env.ALLOWED_HOSTS.map((name) => name.toLowerCase()),
    keepAliveSeconds: env.KEEP_ALIVE_SECONDS,
    /** Signs sessions and cursors. Made and kept in `dataDir` by the supervisor when embedded. */
    secret: env.SECRET,
    evaluatorPort: env.EVALUATOR_PORT,
    /** Empty: the supervisor starts one on `evaluatorPort`. */
    evaluatorUrls: env.EVALUATOR_URLS,
    evaluatorToken: env.EVALUATOR_TOKEN,
    dataDir: env.DATA_DIR,
    /** Installations whose marks a start may overwrite: what the refusal of a start says. */
    acceptInstallation: env.ACCEPT_INSTALLATION,
    /** Undefined only before the supervisor has started the embedded database. */
    databaseUrl: env.DATABASE_URL ?? env.EMBEDDED_DATABASE_URL,
    embeddedDatabase: env.DATABASE_URL === undefined,
    objectStoreUrl: env.OBJECT_STORE_URL ?? `file:${path.join(env.DATA_DIR, 'objects')}`,
    /** Absolute folders from which datasets may be registered. */
    datasetRoots: [
      ...(env.DATASET_ROOTS ?? [path.join(env.DATA_DIR, 'datasets')]).map((folder) => path.resolve(folder)),
      demoFolder(env.DATA_DIR),
    ],
    /** Addresses and subnets of proxies whose `X-Forwarded-For` is believed. */
    trustedProxies: env.TRUSTED_PROXY,
    uploadLimitBytes: Math.floor(env.UPLOAD_LIMIT_MB * 1024 * 1024),
    compatibilityApi: env.COMPATIBILITY_API ?? (isLoopback(env.HOST) ? 'open' : 'key'),
    /**
     * `access`: demo accounts, with their credentials on disk; `on`: images, model versions and runs too. Never on a
     * database that was given, unless asked for.
     */
    demo: env.DEMO ?? (env.DATABASE_URL === undefined ? 'on' : 'off'),
    /** From the last use; a reading room's screen is left alone more often than it is locked. */
    sessionIdleSeconds: env.SESSION_IDLE_MINUTES * 60,
    /** From signing in, whatever happens in between: one long shift. */
    sessionSeconds: env.SESSION_HOURS * 3600,
    /** Without a sign of life for so long, the supervisor ends a process and starts it again; 0: never. */
    heartbeatSeconds: env.HEARTBEAT_SECONDS,
    /** By what the promotion gate decides; no caller changes it. */
    gate: {
      rules: {
        accuracyFloor: env.GATE_ACCURACY_FLOOR,
        nonInferiorityMargin: env.GATE_NON_INFERIORITY_MARGIN,
        mustNotMiss: env.GATE_MUST_NOT_MISS,
        minimumImages: env.GATE_MINIMUM_IMAGES,
        minimumClassImages: env.GATE_MINIMUM_CLASS_IMAGES,
      },
      resamples: env.GATE_RESAMPLES,
      seed: env.GATE_SEED,
    },
    logLevel: env.LOG_LEVEL,
  }))

export type Settings = z.output<typeof settingsSchema>

/** A path in front would be asked of a server that has no pages there. */
function isOrigin(address: string): boolean {
  if (!URL.canParse(address)) return true // told already
  const url = new URL(address)
  return `${url.origin}/` === url.href
}

function isHostName(name: string): boolean {
  const url = `http://${name}/`
  return URL.canParse(url) && new URL(url).hostname === name.toLowerCase()
}

/** How a browser on this machine names what we listen on. */
function hostInUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

/** Every setting of api "Start", or the list of faults, each naming the setting and what is wrong with it. */
export function parseSettings(
  source: Record<string, string | undefined>,
): { settings: Settings } | { faults: string[] } {
  const parsed = settingsSchema.safeParse(source)
  if (parsed.success) return { settings: parsed.data }
  return {
    faults: parsed.error.issues.map((issue) => {
      const name = String(issue.path[0] ?? '')
      const shown = /SECRET|TOKEN|DATABASE_URL/.test(name) ? '' : ` (it is "${source[name] ?? ''}")`
      return `${name} ${issue.message}${shown}`
    }),
  }
}

const holder = globalThis as { secondReaderSettings?: Settings }

/** The settings of this process; throws with the whole list of faults. */
export function getSettings(): Settings {
  if (holder.secondReaderSettings === undefined) {
    const parsed = parseSettings(process.env)
    if ('faults' in parsed) throw new Error(`Wrong settings:\n  ${parsed.faults.join('\n  ')}`)
    holder.secondReaderSettings = parsed.settings
  }
  return holder.secondReaderSettings
}

/** For the start of a process: the settings, or every fault on standard error and exit code 1. */
export function getSettingsOrExit(): Settings {
  const parsed = parseSettings(process.env)
  if ('settings' in parsed) return getSettings()
  for (const fault of parsed.faults) process.stderr.write(`Setting ${fault}\n`)
  process.exit(1)
}

/** Next must leave the signals to our own stop, and reports nothing. */
export function configureNext(): void {
  process.env.NEXT_MANUAL_SIG_HANDLE = '1'
  process.env.NEXT_TELEMETRY_DISABLED = '1'
}

/** What a child process needs of our environment: libraries and time zone; no secret and no credentials. */
export function childEnvironment(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG', 'LD_LIBRARY_PATH']
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
}
