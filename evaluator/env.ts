import { availableParallelism } from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { demoFolder } from '#lib/platform/env/demo-folder.ts'
import {
  commaList,
  decimal,
  integer,
  logLevel,
  optional,
  port,
  secret,
  storeLocation,
  withDefault,
} from '#lib/platform/env/setting-field.ts'
import { planWorkerMemory } from './worker-memory.ts'

const seconds = decimal('a number of seconds', { min: 0.001, max: 3600 })
const megabytes = (min: number, max: number) => decimal('a number of megabytes', { min, max })
/** Protobuf counts a file's bytes in 31 bits. */
const MAX_MODEL_MEGABYTES = 2047
const MEGABYTE = 2 ** 20

const settingsSchema = z
  .object({
    HOST: withDefault(z.string(), '127.0.0.1'),
    EVALUATOR_PORT: withDefault(port, '8270'),
    EVALUATOR_ALLOWED_HOSTS: withDefault(commaList, ''),
    EVALUATOR_TOKEN: secret,
    EVALUATOR_TOKEN_PREVIOUS: optional(secret),
    DATA_DIR: withDefault(z.string(), '.data'),
    OBJECT_STORE_URL: optional(storeLocation),
    DATASET_ROOTS: optional(commaList),
    UPLOAD_LIMIT_MB: withDefault(megabytes(0.001, 10_240), '25'),
    EVALUATOR_BODY_LIMIT_MB: withDefault(megabytes(0.001, 10_240), '64'),
    EVALUATOR_MODEL_LIMIT_MB: withDefault(megabytes(0.001, MAX_MODEL_MEGABYTES), '1024'),
    EVALUATOR_WORKERS: withDefault(
      integer('a number of processes', { min: 1, max: 256 }),
      String(availableParallelism()),
    ),
    EVALUATOR_WORKER_MEMORY_MB: optional(megabytes(512, 1_048_576)),
    EVALUATOR_PROVIDER: withDefault(
      z.enum(['auto', 'cpu', 'cuda'], { error: 'is none of auto, cpu, cuda' }),
      'auto',
    ),
    EVALUATOR_CONTROL_FLOW: withDefault(z.enum(['on', 'off'], { error: 'is neither on nor off' }), 'off'),
    EVALUATOR_READ_SECONDS: withDefault(seconds, '30'),
    EVALUATOR_DECODE_SECONDS: withDefault(seconds, '10'),
    EVALUATOR_INFERENCE_SECONDS: withDefault(seconds, '30'),
    EVALUATOR_ADMISSION_SECONDS: withDefault(seconds, '30'),
    LOG_LEVEL: withDefault(logLevel, 'info'),
  })
  .transform((env) => {
    const dataDir = path.resolve(env.DATA_DIR)
    const memory = planWorkerMemory(env.EVALUATOR_MODEL_LIMIT_MB, env.EVALUATOR_WORKER_MEMORY_MB)
    return {
      host: env.HOST,
      port: env.EVALUATOR_PORT,
      /** Names beside loopback and `host` under which callers reach this service (`Host` header). */
      allowedHosts: env.EVALUATOR_ALLOWED_HOSTS,
      /** Both are accepted, so that a token can be replaced without a moment of refusals. */
      tokens: [env.EVALUATOR_TOKEN, env.EVALUATOR_TOKEN_PREVIOUS].filter((each) => each !== undefined),
      objectStoreUrl: env.OBJECT_STORE_URL ?? `file:${path.join(dataDir, 'objects')}`,
      /** Absolute folders inside which `file:` locations of images may lie. */
      datasetRoots: [
        ...(env.DATASET_ROOTS ?? [path.join(dataDir, 'datasets')]).map((folder) => path.resolve(folder)),
        demoFolder(dataDir),
      ],
      imageLimitBytes: Math.floor(env.UPLOAD_LIMIT_MB * MEGABYTE),
      bodyLimitBytes: Math.floor(env.EVALUATOR_BODY_LIMIT_MB * MEGABYTE),
      modelLimitBytes: Math.floor(memory.modelLimitMegabytes * MEGABYTE),
      workers: env.EVALUATOR_WORKERS,
      workerMemoryBytes: Math.floor(memory.memoryMegabytes * MEGABYTE),
      /** Why the evaluator takes only smaller models than `EVALUATOR_MODEL_LIMIT_MB` says, or null. */
      memoryShortage: memory.shortage,
      provider: env.EVALUATOR_PROVIDER,
      /** Whether models with the operators Loop and Scan are admitted. */
      controlFlow: env.EVALUATOR_CONTROL_FLOW === 'on',
      readSeconds: env.EVALUATOR_READ_SECONDS,
      decodeSeconds: env.EVALUATOR_DECODE_SECONDS,
      inferenceSeconds: env.EVALUATOR_INFERENCE_SECONDS,
      admissionSeconds: env.EVALUATOR_ADMISSION_SECONDS,
      logLevel: env.LOG_LEVEL,
    }
  })

export type EvaluatorSettings = z.output<typeof settingsSchema>

/** Every setting, or the list of faults, each naming the setting and what is wrong with it. */
export function parseEvaluatorSettings(
  source: Record<string, string | undefined>,
): { settings: EvaluatorSettings } | { faults: string[] } {
  const parsed = settingsSchema.safeParse(source)
  if (parsed.success) return { settings: parsed.data }
  return {
    faults: parsed.error.issues.map((issue) => {
      const name = String(issue.path[0] ?? '')
      if (source[name] === undefined) return `${name} is required`
      return `${name} ${issue.message}${name.includes('TOKEN') ? '' : ` (it is "${source[name]}")`}`
    }),
  }
}

/** The settings of this process; a wrong one names itself and stops the start. */
export function readEvaluatorSettings(): EvaluatorSettings {
  const parsed = parseEvaluatorSettings(process.env)
  if ('settings' in parsed) return parsed.settings
  process.stderr.write(`Wrong settings:\n  ${parsed.faults.join('\n  ')}\n`)
  process.exit(1)
}

/** What an inference child needs of our environment: libraries, devices, time zone; no token and no credentials. */
const WORKER_VARIABLES = /^(PATH|HOME|TMPDIR|TZ|LANG|LC_.*|LD_LIBRARY_PATH|GLIBC_TUNABLES|CUDA_.*|NVIDIA_.*)$/

/**
 * glibc then asks Linux for pages of 2 MB below large blocks, where it gives them only when asked. Tensors of megabytes
 * cost less time so: a tenth for a transformer as PyTorch exports it. Blocks from 4 MB on go back to Linux as soon as they
 * are freed: a process that has let go of a model of 1 GB holds 130 MB so, and 1 to 4 GB otherwise. Other C libraries know
 * no such variable.
 */
const MEMORY_BLOCKS = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=4194304' }

/**
 * Microsoft's builds of ONNX Runtime report their use to Microsoft unless told not to. Nothing of a hospital's leaves
 * its machines.
 */
const NO_TELEMETRY = { ORT_DISABLE_TELEMETRY: '1' }

export function workerEnvironment(
  source: Record<string, string | undefined> = process.env,
): Record<string, string> {
  const passed: Record<string, string> = { ...MEMORY_BLOCKS, ...NO_TELEMETRY }
  for (const [name, value] of Object.entries(source))
    if (value !== undefined && WORKER_VARIABLES.test(name)) passed[name] = value
  return passed
}
