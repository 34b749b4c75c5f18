'use client'

import { ActionIcon, Group, NativeSelect, Paper } from '@mantine/core'
import { IconArrowsExchange } from '@tabler/icons-react'
import { useRouter } from 'next/navigation'
import { useTransition } from 'react'
import { type ComparedPair, comparePage } from './compared-filter.ts'

/** Which two versions are compared, on which dataset. */
export function PairChoice(props: {
  datasets: readonly string[]
  dataset: string
  /** Those with a succeeded run on the dataset, the newest first. */
  versions: readonly { id: string; label: string }[]
  pair: ComparedPair | null
  /** The gate's rules, which stay. */
  gate: string
}) {
  const { dataset, datasets, pair, gate } = props
  const router = useRouter()
  const [changing, startTransition] = useTransition()
  const go = (address: string) => startTransition(() => router.push(address))
  const change = (part: Partial<ComparedPair>) =>
    pair !== null && go(comparePage({ ...pair, intersection: false, ...part }) + gate)
  const versions = props.versions.map(({ id, label }) => ({ value: id, label }))
  return (
    <Paper withBorder p="md" mb="lg" data-print="no" aria-busy={changing} component="section">
      <Group align="flex-end" gap="sm">
        {pair !== null && (
          <>
            <NativeSelect
              label="Baseline"
              value={pair.baseline}
              onChange={(event) => change({ baseline: event.currentTarget.value })}
              data={withUnknown(versions, pair.baseline)}
              maw="100%"
            />
            <ActionIcon
              variant="default"
              size={36}
              aria-label="Swap baseline and candidate"
              onClick={() => change({ baseline: pair.candidate, candidate: pair.baseline })}
            >
              <IconArrowsExchange size={18} aria-hidden />
            </ActionIcon>
            <NativeSelect
              label="Candidate"
              value={pair.candidate}
              onChange={(event) => change({ candidate: event.currentTarget.value })}
              data={withUnknown(versions, pair.candidate)}
              maw="100%"
            />
          </>
        )}
        <NativeSelect
          label="Dataset"
          value={dataset}
          onChange={(event) => go(`/compare?dataset=${encodeURIComponent(event.currentTarget.value)}`)}
          data={datasets.includes(dataset) ? [...datasets] : [dataset, ...datasets]}
          maw="100%"
        />
      </Group>
    </Paper>
  )
}

/** A version of the address that has no run on the dataset: the comparison says so. */
function withUnknown(versions: { value: string; label: string }[], id: string) {
  return versions.some(({ value }) => value === id)
    ? versions
    : [{ value: id, label: 'No evaluation on this dataset' }, ...versions]
}
