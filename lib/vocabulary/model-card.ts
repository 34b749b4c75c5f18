import { z } from 'zod'

const tensorName = z.string().min(1).max(200)
const side = z.int().min(1).max(4096)

/** How an image becomes the model's input. Defaults are those of the seed system's `transform_medical`. */
export const preprocessingSchema = z.strictObject({
  mode: z.enum(['L', 'RGB']).default('L'),
  resample: z.enum(['nearest', 'bilinear', 'bicubic']).default('bilinear'),
  scale: z.number().positive().default(255),
  mean: z.array(z.number()).min(1).max(3).default([0.5]),
  std: z.array(z.number().positive()).min(1).max(3).default([0.5]),
  exifOrientation: z.enum(['ignore', 'apply']).default('ignore'),
  background: z.int().min(0).max(255).default(0),
})

/** Name of a finding class: any text that can be a folder name. */
export const findingClassName = z
  .string()
  .min(1)
  .max(100)
  .refine(
    (name) => !/[/\\\p{Cc}]/u.test(name) && name !== '.' && name !== '..',
    'must be usable as a folder name',
  )
  .transform((name) => name.normalize('NFC'))

/** Not `z.record`: that passes over the key `__proto__`, which is the name of a finding class like any other. */
const modalityByClass = z
  .custom<object>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'expected an object',
  )
  .transform((value, context): Record<string, string> => {
    const entries = Object.entries(value).map(([name, modality]): [string, string] => {
      const parsed = z.tuple([findingClassName, z.string().min(1).max(100)]).safeParse([name, modality])
      if (parsed.success) return parsed.data
      const [fault] = parsed.error.issues
      context.addIssue({ code: 'custom', path: [name], message: fault?.message ?? 'is not accepted' })
      return [name, '']
    })
    return Object.fromEntries(entries)
  })

/** `model.json`: everything beside the weights that a prediction depends on. Unknown keys are refused. */
export const modelCardSchema = z
  .strictObject({
    name: z.string().min(1).max(100),
    findingClasses: z.array(findingClassName).min(2).max(1000),
    input: z
      .strictObject({
        name: tensorName.default('input'),
        width: side.default(64),
        height: side.default(64),
        channels: z.union([z.literal(1), z.literal(3)]).default(1),
      })
      .prefault({}),
    output: z
      .strictObject({
        logits: tensorName.optional(),
        probabilities: tensorName.optional(),
        embedding: tensorName.optional(),
      })
      .default({ logits: 'logits' }),
    preprocessing: preprocessingSchema.prefault({}),
    modalities: modalityByClass.optional(),
    lineage: z
      .strictObject({
        parent: z.string().nullable().default(null),
        trainingRun: z.string().nullable().default(null),
        snapshots: z.array(z.string()).default([]),
        codeVersion: z.string().nullable().default(null),
      })
      .optional(),
  })
  .superRefine((card, context) => {
    const complain = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message })
    if (new Set(card.findingClasses).size !== card.findingClasses.length)
      complain(['findingClasses'], 'names a finding class twice')
    if ((card.output.logits === undefined) === (card.output.probabilities === undefined))
      complain(['output'], 'names exactly one of "logits" and "probabilities"')
    for (const name of Object.keys(card.modalities ?? {}))
      if (!card.findingClasses.includes(name))
        complain(['modalities', name], 'is none of the finding classes')
    for (const key of ['mean', 'std'] as const) {
      const length = card.preprocessing[key].length
      if (length !== 1 && length !== card.input.channels)
        complain(
          ['preprocessing', key],
          `has ${length} values; the input has ${card.input.channels} channels`,
        )
    }
    if (card.preprocessing.mode === 'L' && card.input.channels === 3) return // grey is replicated
    if (card.preprocessing.mode === 'RGB' && card.input.channels === 1)
      complain(['preprocessing', 'mode'], 'is "RGB" but the input has 1 channel')
  })

export type ModelCard = z.output<typeof modelCardSchema>
export type Preprocessing = z.output<typeof preprocessingSchema>
