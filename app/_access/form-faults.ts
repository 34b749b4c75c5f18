import { ApiFailure } from '#lib/delivery/client/api-failure.ts'
import { MAX_PASSWORD_LENGTH, PASSWORD_RULES } from '#lib/platform/auth/password-rules.ts'

/** What is wrong with a password before it is sent, by the form's field; empty where nothing is. */
export function passwordFaults(
  form: FormData,
  { field, email }: { field: string; email: string },
): Record<string, string> {
  const password = String(form.get(field))
  const broken = PASSWORD_RULES.find(({ holds }) => !holds(password, email))
  if (broken !== undefined) return { [field]: asSentence(broken.fault) }
  if (password.length > MAX_PASSWORD_LENGTH)
    return { [field]: `Use at most ${MAX_PASSWORD_LENGTH} characters` }
  return password === form.get('repeated') ? {} : { repeated: 'Does not match the password above' }
}

/** What the service says of the fields, else what it says of the whole, under the name `form`. */
export function faultsOf(error: unknown): Record<string, string> {
  if (!(error instanceof ApiFailure)) throw error
  const faults = Object.entries(error.fieldFaults())
  if (faults.length === 0) return { form: error.message }
  return Object.fromEntries(faults.map(([field, fault]) => [field, asSentence(fault)]))
}

/** "has fewer than 12 characters" → "Has fewer than 12 characters": it stands alone, below its field. */
function asSentence(fault: string): string {
  return fault.charAt(0).toUpperCase() + fault.slice(1)
}
