'use client'

import { Button, Group, Select, TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import { AUDIT_ACTIONS, AUDIT_OBJECT_TYPES } from '#lib/platform/audit/actions.ts'
import { beginningOf, dayOf } from './local-day.ts'
import { TimeRangeMenu } from './time-range-menu.tsx'
import type { useFilters } from './use-filters.ts'

const inWords = (name: string) => name.replace('.', ': ').replaceAll('-', ' ')
const options = (names: readonly string[]) => names.map((value) => ({ value, label: inWords(value) }))

type Props = { filters: ReturnType<typeof useFilters>[0]; change: ReturnType<typeof useFilters>[1] }

export function FilterBar({ filters, change }: Props) {
  const filtered = Object.values(filters).some((value) => value !== null)
  const lastDay = filters.to === null ? null : new Date(filters.to.getTime() - 1)
  return (
    <Group component="search" gap="sm" align="flex-end" mb="md" aria-label="Filter events">
      <FilterText
        label="User"
        placeholder="E-mail or key name"
        value={filters.actor}
        commit={(actor) => void change({ actor })}
      />
      <Select
        label="Action"
        placeholder="Any"
        clearable
        searchable
        data={options(AUDIT_ACTIONS)}
        value={filters.action}
        onChange={(value) =>
          void change({ action: AUDIT_ACTIONS.find((action) => action === value) ?? null })
        }
        clearButtonProps={{ 'aria-label': 'Any action' }}
        w={{ base: '100%', xs: 220 }}
      />
      <Select
        label="Object type"
        placeholder="Any"
        clearable
        data={options(AUDIT_OBJECT_TYPES)}
        value={filters.objectType}
        onChange={(value) =>
          void change({ objectType: AUDIT_OBJECT_TYPES.find((type) => type === value) ?? null })
        }
        clearButtonProps={{ 'aria-label': 'Any type' }}
        w={{ base: '100%', xs: 180 }}
      />
      <FilterText
        label="Object ID"
        placeholder="Full ID"
        value={filters.object}
        commit={(object) => void change({ object })}
      />
      <TextInput
        type="date"
        label="From"
        value={dayOf(filters.from)}
        onChange={(event) => void change({ from: beginningOf(event.currentTarget.value) })}
        max={dayOf(lastDay)}
        w={150}
      />
      <TextInput
        type="date"
        label="To (inclusive)"
        value={dayOf(lastDay)}
        onChange={(event) => void change({ to: beginningOf(event.currentTarget.value, 1) })}
        min={dayOf(filters.from)}
        w={150}
      />
      <TimeRangeMenu choose={(from) => void change({ from, to: null })} />
      {filtered && (
        <Button variant="default" onClick={() => void change(null)}>
          Show all
        </Button>
      )}
    </Group>
  )
}

/** Looks for what was typed once the typing has ended: on Enter, or when the field is left. */
function FilterText(props: {
  label: string
  placeholder: string
  value: string | null
  commit: (value: string | null) => void
}) {
  const [typed, setTyped] = useState(props.value ?? '')
  useEffect(() => setTyped(props.value ?? ''), [props.value])
  const commit = () => props.commit(typed.trim() === '' ? null : typed.trim())
  return (
    <TextInput
      label={props.label}
      placeholder={props.placeholder}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
      w={{ base: '100%', xs: 200 }}
    />
  )
}
