import { z } from 'zod'
import { nameModality } from '#app/_format/name-modality.ts'
import {
  OUTCOMES as COMPARED_OUTCOMES,
  SORTS as COMPARED_SORTS,
  type ComparedFilter,
  type ComparedPair,
  comparedImagePage,
  comparePage,
  NO_FILTER,
} from '#app/(dashboard)/compare/compared-filter.ts'
import { pageOfDataset, pageOfEvaluationRun, pageOfImage } from '#lib/delivery/search/page-address.ts'
import type { PredictionOutcome, PredictionSort } from '#lib/model/evaluation-result/schema.ts'

// Written out: the lists of the domain come with its database, which a browser has no use for.
const OUTCOMES = ['right', 'wrong', 'error'] as const satisfies readonly PredictionOutcome[]
const SORTS = ['key', 'confidence-desc', 'confidence-asc'] as const satisfies readonly PredictionSort[]

/** The list that the user came from, in whose order previous and next go. */
export type ImageList =
  | {
      kind: 'run'
      run: string
      outcome?: (typeof OUTCOMES)[number] | undefined
      referenceClass?: string | undefined
      predictedClass?: string | undefined
      sort?: (typeof SORTS)[number] | undefined
    }
  | { kind: 'dataset'; findingClass?: string | undefined }
  | { kind: 'comparison'; pair: ComparedPair; filter: ComparedFilter }

export type AddressQuery = Readonly<Record<string, string | string[] | undefined>>

const ignored = <S extends z.ZodType>(schema: S) => schema.optional().catch(undefined)
const findingClass = ignored(z.string().min(1).max(100))
const querySchema = z.object({
  run: ignored(z.uuid()),
  outcome: ignored(z.enum(OUTCOMES)),
  referenceClass: findingClass,
  predictedClass: findingClass,
  sort: ignored(z.enum(SORTS)),
  findingClass,
})

const comparisonSchema = z.object({
  baseline: z.uuid(),
  candidate: z.uuid(),
  dataset: z.string().min(1).max(200),
  intersection: z.literal('true').optional().catch(undefined),
  outcome: ignored(z.enum(COMPARED_OUTCOMES)),
  findingClass,
  modality: findingClass,
  patient: ignored(z.string().min(1).max(1000)),
  sort: ignored(z.enum(COMPARED_SORTS)),
})

/** What makes no sense in an address is passed over: the image is shown all the same. */
export function imageListOf(query: AddressQuery): ImageList {
  const compared = comparisonSchema.safeParse(query)
  if (compared.success) return comparisonList(compared.data)
  const { run, findingClass, ...filter } = querySchema.parse(query)
  return run === undefined ? { kind: 'dataset', findingClass } : { kind: 'run', run, ...filter }
}

function comparisonList(query: z.output<typeof comparisonSchema>): ImageList {
  const { baseline, candidate, dataset, intersection, ...stated } = query
  const given = Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== undefined))
  return {
    kind: 'comparison',
    pair: { baseline, candidate, dataset, intersection: intersection === 'true' },
    filter: { ...NO_FILTER, ...given },
  }
}

/** The page of an image of the same list. */
export function addressInList(list: ImageList, imageId: number): string {
  if (list.kind === 'comparison') return comparedImagePage(imageId, list.pair, list.filter)
  return pageOfImage(imageId) + queryOf({ ...list, kind: undefined })
}

/** Where the list itself is. */
export function addressOfList(list: ImageList, dataset: string): string {
  if (list.kind === 'comparison') return `${comparePage(list.pair, list.filter)}#images`
  if (list.kind === 'dataset') return pageOfDataset(dataset) + queryOf({ findingClass: list.findingClass })
  return `${pageOfEvaluationRun(list.run)}${queryOf({ ...list, kind: undefined, run: undefined })}#images`
}

const OUTCOME_WORDS = {
  right: 'predicted correctly',
  wrong: 'predicted incorrectly',
  error: 'without a prediction',
}
const SORT_WORDS = {
  key: 'by name',
  'confidence-desc': 'most confident first',
  'confidence-asc': 'least confident first',
}

/** "predicted incorrectly, reference lung-covid, most confident first". */
export function describeList(list: ImageList): string {
  if (list.kind === 'dataset') return list.findingClass ?? 'all images, by name'
  if (list.kind === 'comparison') return describeComparison(list.filter)
  const { outcome, referenceClass, predictedClass, sort = 'key' } = list
  return [
    outcome === undefined ? null : OUTCOME_WORDS[outcome],
    referenceClass === undefined ? null : `reference ${referenceClass}`,
    predictedClass === undefined ? null : `predicted as ${predictedClass}`,
    SORT_WORDS[sort],
  ]
    .filter((part) => part !== null)
    .join(', ')
}

const COMPARED_WORDS = {
  fixed: 'fixed',
  broken: 'broken',
  'both-wrong': 'incorrect in both',
  'both-right': 'correct in both',
}

function describeComparison({ outcome, findingClass, modality, patient, sort }: ComparedFilter): string {
  return [
    outcome === null ? null : COMPARED_WORDS[outcome],
    findingClass === null ? null : `reference ${findingClass}`,
    modality === null ? null : nameModality(modality),
    patient === null ? null : `patient ${patient}`,
    sort === 'change' ? 'largest change first' : 'dataset order',
  ]
    .filter((part) => part !== null)
    .join(', ')
}

function queryOf(fields: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) query.set(name, value)
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}
