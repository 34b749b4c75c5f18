import { createSerializer, parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { stated } from '#app/_data/stated.ts'
import type { ComparedOutcome, ComparedSort } from '#lib/model/comparison/schema.ts'

// Written out: the lists of the domain come with its database, which a browser has no use for.
export const OUTCOMES = [
  'fixed',
  'broken',
  'both-wrong',
  'both-right',
] as const satisfies readonly ComparedOutcome[]
export const SORTS = ['image', 'change'] as const satisfies readonly ComparedSort[]

/** The versions of the page, as its address and the API name them. */
export type ComparedPair = { baseline: string; candidate: string; dataset: string; intersection: boolean }

/** Which of the compared images are shown, as the address, the API and an image's page name it. */
export type ComparedFilter = {
  outcome: ComparedOutcome | null
  findingClass: string | null
  modality: string | null
  patient: string | null
  sort: ComparedSort
}

/** The default list: images that became incorrect, the largest loss first. */
export const NO_FILTER: ComparedFilter = {
  outcome: null,
  findingClass: null,
  modality: null,
  patient: null,
  sort: 'change',
}

export const comparedFilterParsers = {
  outcome: parseAsStringLiteral(OUTCOMES),
  findingClass: parseAsString,
  modality: parseAsString,
  patient: parseAsString,
  sort: parseAsStringLiteral(SORTS).withDefault('change'),
}

const serializeFilter = createSerializer(comparedFilterParsers)

/** The promotion gate's rules as the address and the API name them; empty where nothing else was chosen. */
export function gateQuery(rules: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(rules))
    for (const each of [value].flat()) if (each !== undefined) query.append(name, String(each))
  return query.size === 0 ? '' : `&${query}`
}

/** `baseline=…&candidate=…&dataset=…` */
export function pairQuery({ baseline, candidate, dataset, intersection }: ComparedPair): string {
  const query = new URLSearchParams({ baseline, candidate, dataset })
  if (intersection) query.set('intersection', 'true')
  return query.toString()
}

/** The comparison's page, with the filter of its images. */
export function comparePage(pair: ComparedPair, filter: ComparedFilter = NO_FILTER): string {
  return `/compare${comparedQuery(pair, filter)}`
}

/** `?baseline=…&outcome=fixed` */
export function comparedQuery(pair: ComparedPair, filter: ComparedFilter): string {
  return `?${pairQuery(pair)}${serializeFilter(filter).replace('?', '&')}`
}

/** The images as the API lists them; there the order has another default. */
export function comparedImagesQuery({ intersection, ...versions }: ComparedPair, filter: ComparedFilter) {
  return { ...versions, ...(intersection ? { intersection: 'true' as const } : {}), ...stated(filter) }
}

/** An image's page, where previous and next follow the same list. */
export function comparedImagePage(imageId: number, pair: ComparedPair, filter: ComparedFilter): string {
  return `/images/${imageId}${comparedQuery(pair, filter)}`
}
