import { formatSeconds } from '#app/_format/measure.ts'
import { ApiFailure } from '#lib/delivery/client/api-failure.ts'

/** Why nobody was signed in, and what to do. A disabled account is refused like a wrong password: it must not tell who is known here. */
export function refusalOf(error: unknown, now: Date): string {
  if (!(error instanceof ApiFailure)) throw error
  if (error.code === 'WRONG_CREDENTIALS')
    return 'E-mail address or password is wrong, or the account is disabled. Check both and try again; an administrator can help.'
  if (error.status === 429) return `${error.message} ${whenAgain(error.details, now)}`.trim()
  if (error.code === 'INVALID_INPUT') return 'This is not an e-mail address that can be signed in with.'
  return error.message
}

function whenAgain(details: unknown, now: Date): string {
  if (typeof details !== 'object' || details === null || !('retryAfterSeconds' in details)) return ''
  const seconds = Number(details.retryAfterSeconds)
  const at = new Date(now.getTime() + seconds * 1000)
  return `The next attempt is possible in ${formatSeconds(seconds)}, at ${at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}.`
}
