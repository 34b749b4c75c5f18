'use client'

import { parseAsIsoDateTime, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { stated } from '#app/_data/stated.ts'
import { AUDIT_ACTIONS, AUDIT_OBJECT_TYPES } from '#lib/platform/audit/actions.ts'

const PARSERS = {
  actor: parseAsString,
  action: parseAsStringLiteral(AUDIT_ACTIONS),
  objectType: parseAsStringLiteral(AUDIT_OBJECT_TYPES),
  object: parseAsString,
  from: parseAsIsoDateTime,
  to: parseAsIsoDateTime,
}

/** What is looked for, kept in the address. */
export function useFilters() {
  return useQueryStates(PARSERS, { history: 'replace' })
}

export type Filters = ReturnType<typeof useFilters>[0]

/** The same as the list's query. */
export function listQuery({ from, to, ...named }: Filters) {
  return stated({ ...named, from: from?.toISOString() ?? null, to: to?.toISOString() ?? null })
}
