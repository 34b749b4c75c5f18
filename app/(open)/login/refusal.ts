import { formatSeconds } from '#app/_format/measure.ts'
import { ApiFailure } from '#lib/delivery/client/api-failure.ts'

/** Why the sign-in failed, and what to do. A disabled account is refused like a wrong password: it must not tell who is known here. */
export function refusalOf(error: unknown, now: Date): string {
  if (!(error instanceof ApiFailure)) throw error
  if (error.code === 'WRONG_CREDENTIALS')
    return 'The e-mail address or password is wrong, or the account is disabled. Try again or ask an administrator.'
  if (error.status === 429) return `${error.message} ${whenAgain(error.details, now)}`.trim()
  if (error.code === 'INVALID_INPUT') return 'Enter a valid e-mail address.'
  return error.message
}

function whenAgain(details: unknown, now: Date): string {
  if (typeof details !== 'object' || details === null || !('retryAfterSeconds' in details)) return ''
  const seconds = Number(details.retryAfterSeconds)
  const at = new Date(now.getTime() + seconds * 1000)
  return `Try again in ${formatSeconds(seconds)}, at ${at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}.`
}
