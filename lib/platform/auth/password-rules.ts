import { ServiceError } from '#lib/platform/errors.ts'

export const MIN_PASSWORD_LENGTH = 12
/** More is no safer, and hashing it costs time. */
export const MAX_PASSWORD_LENGTH = 128

type PasswordRule = {
  /** Of the refusal where the rule does not hold. */
  code: string
  /** As a user who chooses a password reads it. */
  demand: string
  fault: string
  holds: (password: string, email: string) => boolean
}

const comparable = (password: string) => password.normalize('NFKC').toLowerCase()

/** What makes a password acceptable: length against guessing, the others against the first guesses. */
export const PASSWORD_RULES: readonly PasswordRule[] = [
  {
    code: 'PASSWORD_TOO_SHORT',
    demand: `At least ${MIN_PASSWORD_LENGTH} characters; a few unrelated words do well`,
    fault: `has fewer than ${MIN_PASSWORD_LENGTH} characters`,
    holds: (password) => password.length >= MIN_PASSWORD_LENGTH,
  },
  {
    code: 'PASSWORD_IS_EMAIL',
    demand: 'Not your e-mail address',
    fault: 'is the e-mail address',
    holds: (password, email) => ![email, email.split('@')[0]].includes(comparable(password)),
  },
  {
    code: 'PASSWORD_TOO_SIMPLE',
    demand: 'At least four different characters',
    fault: 'repeats fewer than four different characters',
    holds: (password) => new Set(comparable(password)).size >= 4,
  },
]

/** Refuses a password that is too easily guessed; `field` is the form's field that the fault is shown at. */
export function requireGoodPassword(password: string, about: { email: string; field: string }): void {
  const broken = PASSWORD_RULES.find(({ holds }) => !holds(password, about.email))
  if (broken !== undefined) throw unacceptable(broken.code, broken.fault, about.field)
}

/** A fault of one field of a form, in the shape in which wrong input is answered. */
export function unacceptable(code: string, message: string, field: string): ServiceError {
  return new ServiceError('UNPROCESSABLE', `Wrong body, ${field}: ${message}.`, {
    code,
    details: { faults: [{ path: field, message }] },
  })
}
