import { z } from 'zod'

export const searchKindSchema = z.enum(['model-version', 'evaluation-run', 'dataset', 'image'])
export type SearchKind = z.infer<typeof searchKindSchema>

export const searchHitSchema = z.strictObject({
  kind: searchKindSchema,
  id: z.string(),
  title: z.string(),
  detail: z.string(),
  /** The page that shows it. */
  href: z.string(),
})
export type SearchHit = z.infer<typeof searchHitSchema>
