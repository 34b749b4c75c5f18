'use client'

import { parseAsIsoDateTime, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
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

/** The list's address for these filters. */
export function listAddress(filters: Filters): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(filters)) {
    if (value === null || value === '') continue
    query.set(name, value instanceof Date ? value.toISOString() : value)
  }
  return `/api/audit-events${query.size === 0 ? '' : `?${query}`}`
}
