import { z } from 'zod'

/** One person, one account: compatibility forms and case make no difference. */
export const emailSchema = z
  .string()
  .max(254)
  .transform((text) => text.normalize('NFKC').trim().toLowerCase())
  .pipe(z.email('is not an e-mail address'))
  .meta({ type: 'string', format: 'email' })
