import { addressGroup } from '#lib/platform/http/client-address.ts'
import type { AttemptLimit } from './count-attempt.ts'

/** Of one account by all devices it does not know, together: a guesser gets 960 a day. */
export const MAX_ATTEMPTS_PER_ACCOUNT = 10
/** Of one account by one address: half of the above, so that one stranger cannot use all of it up. */
export const MAX_ATTEMPTS_PER_ACCOUNT_AND_ADDRESS = 5
/** Failures of a whole hospital behind one address; one who tries a common password on every account needs more. */
export const MAX_ATTEMPTS_PER_ADDRESS = 100
/** Of a person on a device that signed in before, or of one who holds a session or a link. */
export const MAX_OWN_ATTEMPTS = 10

const TO_ACCOUNT = 'to sign in to this account'

/** `address`: of the client, where it is known. `device`: the one that this account has signed in on before. */
export type SignInAttempt = { email: string; address: string | null; device: string | null }

/** All who try an account from a device that it does not know. */
export function accountLimit(email: string): AttemptLimit {
  return { subject: `account ${email}`, most: MAX_ATTEMPTS_PER_ACCOUNT, where: TO_ACCOUNT }
}

/** What holds for this attempt alone: of its device, or of its account and address. */
export function ownSignInLimits({ email, address, device }: SignInAttempt): AttemptLimit[] {
  if (device !== null)
    return [{ subject: `device ${device} account ${email}`, most: MAX_OWN_ATTEMPTS, where: TO_ACCOUNT }]
  const group = addressGroup(address ?? '')
  if (group === null) return []
  const subject = `account ${email} address ${group}`
  return [{ subject, most: MAX_ATTEMPTS_PER_ACCOUNT_AND_ADDRESS, where: TO_ACCOUNT }]
}

/** What others count for, too. A device that the account knows has a count of its own: no stranger shuts it out. */
export function sharedSignInLimits({ email, address, device }: SignInAttempt): AttemptLimit[] {
  if (device !== null) return []
  const group = addressGroup(address ?? '')
  const ofAddress = {
    subject: `address ${group}`,
    most: MAX_ATTEMPTS_PER_ADDRESS,
    where: 'to sign in from this address',
  }
  return [accountLimit(email), ...(group === null ? [] : [ofAddress])]
}

/** A signed-in person's own tries of their password: a stolen session must not guess it. */
export function passwordChangeLimit(userId: string): AttemptLimit {
  return {
    subject: `password change ${userId}`,
    most: MAX_OWN_ATTEMPTS,
    where: 'to change this password',
  }
}

/** Hashing is slow on purpose: the holder of a link cannot make this machine do it without end. */
export function linkLimit(token: string): AttemptLimit {
  return { subject: `link ${token}`, most: MAX_OWN_ATTEMPTS, where: 'to use this link' }
}
