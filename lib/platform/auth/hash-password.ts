import path from 'node:path'
import type { Worker } from 'node:worker_threads'
import { clientLeft } from '#lib/platform/client-left.ts'
import { BoundedQueue } from '#lib/platform/concurrency/bounded-queue.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { addressGroup } from '#lib/platform/http/client-address.ts'
import type { PasswordReply, PasswordTask } from './password-thread.ts'

/**
 * A hash takes some 60 ms of one core and 32 MB, on purpose. One at a time leaves a core of the smallest machine to
 * all else; who finds 20 waiting would wait for more than a second.
 */
export const HASHING_LIMITS = { places: 1, waiting: 20, waitingPerCaller: 10, retryAfterSeconds: 2 }

/** Whose call needs a hash: it gives up its place when the client leaves. */
export type HashingCaller = { signal?: AbortSignal | undefined; address?: string | null | undefined }

/** On `globalThis`, because bundles may load this module more than once: the process has one thread and one queue. */
const holder = globalThis as { secondReaderHashing?: Hashing }
type Hashing = { queue: BoundedQueue; thread?: Worker | undefined }

function hashing(): Hashing {
  holder.secondReaderHashing ??= {
    queue: new BoundedQueue({
      ...HASHING_LIMITS,
      refuseFull: () => busy('UNAVAILABLE', 'Too many calls of this kind wait already: try again soon.'),
      refuseOwn: () => busy('TOO_MANY_REQUESTS', 'Too many of your calls wait already: try again soon.'),
      leave: clientLeft,
    }),
  }
  return holder.secondReaderHashing
}

function busy(kind: 'UNAVAILABLE' | 'TOO_MANY_REQUESTS', message: string): ServiceError {
  const { retryAfterSeconds } = HASHING_LIMITS
  return new ServiceError(kind, message, { code: 'BUSY', details: { retryAfterSeconds } })
}

/** Where all hashes of this process wait for their turn. */
export function hashingQueue(): BoundedQueue {
  return hashing().queue
}

/** scrypt with a new salt; throws UNAVAILABLE or TOO_MANY_REQUESTS where too many wait. */
export async function hashPassword(password: string, caller?: HashingCaller): Promise<string> {
  const reply = await ask({ password, hash: null }, caller)
  if (!('hash' in reply)) throw new Error('The password thread did not hash.')
  return reply.hash
}

/** Whether this is the password behind the hash. A hash that is none (`''`) takes as long, and is never right. */
export async function verifyPassword(
  given: { hash: string; password: string },
  caller?: HashingCaller,
): Promise<boolean> {
  const reply = await ask(given, caller)
  return 'right' in reply && reply.right
}

async function ask(task: PasswordTask, caller: HashingCaller = {}): Promise<PasswordReply> {
  const turn = { signal: caller.signal, caller: addressGroup(caller.address ?? '') }
  const reply = await hashingQueue().run(() => send(thread(), task), turn)
  if ('fault' in reply) throw new Error(`The password thread failed: ${reply.fault}`)
  return reply
}

/**
 * It keeps no process alive that has nothing else to do. The class is asked for by its name at run time: a bundler that
 * sees a thread started puts a copy of its file, with a start of its own, in the place of ours.
 */
function thread(): Worker {
  const own = hashing()
  if (own.thread !== undefined) return own.thread
  const file = path.join(process.cwd(), 'lib', 'platform', 'auth', 'password-thread.ts')
  const threads = process.getBuiltinModule('node:worker_threads')
  const started = new threads.Worker(file, { env: {}, execArgv: [] })
  const forget = () => {
    if (own.thread === started) own.thread = undefined
  }
  started.on('error', forget).on('exit', forget).unref()
  own.thread = started
  return started
}

function send(thread: Worker, task: PasswordTask): Promise<PasswordReply> {
  thread.ref() // a request waits
  return new Promise<PasswordReply>((resolve, reject) => {
    const lost = () =>
      reject(new ServiceError('UNAVAILABLE', 'Passwords cannot be checked now: try again soon.'))
    const done = (reply: PasswordReply) => {
      thread.off('error', lost).off('exit', lost).off('message', done).unref()
      resolve(reply)
    }
    thread.on('error', lost).on('exit', lost).on('message', done)
    thread.postMessage(task)
  })
}
