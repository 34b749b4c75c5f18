import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto'
import { parentPort } from 'node:worker_threads'

// A thread for passwords alone. The asynchronous scrypt would take the threads that all work on files needs.

export type PasswordTask = { password: string; hash: string | null }
export type PasswordReply = { hash: string } | { right: boolean } | { fault: string }

/** better-auth's parameters and format, `<salt>:<key>` in hexadecimal: hashes of both are the same. */
const COST = { N: 16_384, r: 16, p: 1, maxmem: 128 * 16_384 * 16 * 2 }
const KEY_BYTES = 64

function keyOf(password: string, salt: string): Buffer {
  return scryptSync(password.normalize('NFKC'), salt, KEY_BYTES, COST)
}

function answer({ password, hash }: PasswordTask): PasswordReply {
  if (hash === null) {
    const salt = randomBytes(16).toString('hex')
    return { hash: `${salt}:${keyOf(password, salt).toString('hex')}` }
  }
  const [salt = '', key = ''] = hash.split(':')
  const wanted = Buffer.from(key, 'hex')
  const given = keyOf(password, salt) // also where there is nothing to compare it with: equally long
  return { right: wanted.length === given.length && timingSafeEqual(wanted, given) }
}

parentPort?.on('message', (task: PasswordTask) => {
  try {
    parentPort?.postMessage(answer(task))
  } catch (error) {
    parentPort?.postMessage({ fault: error instanceof Error ? error.message : 'unknown' })
  }
})
