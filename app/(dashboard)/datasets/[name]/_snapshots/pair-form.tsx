'use client'

import { Group, NativeSelect } from '@mantine/core'
import { useRouter } from 'next/navigation'
import { useSyncExternalStore, useTransition } from 'react'
import { formatCount } from '#app/_format/ratio.ts'
import { pageOfDataset } from '#lib/delivery/search/page-address.ts'

type Choice = { id: string; createdAt: string; images: number }

const moment = { dateStyle: 'medium', timeStyle: 'short' } as const
const inVisitorsZone = new Intl.DateTimeFormat('en-GB', moment)
const inUtc = new Intl.DateTimeFormat('en-GB', { ...moment, timeZone: 'UTC' })

const never = () => () => {}

/** Which two snapshots are compared. */
export function PairForm(props: {
  dataset: string
  snapshots: readonly Choice[]
  newer: string
  older: string
}) {
  const router = useRouter()
  const [pending, start] = useTransition()
  const when = useSyncExternalStore(
    never,
    () => inVisitorsZone,
    () => inUtc, // the server does not know the visitor's zone
  )
  const options = props.snapshots.map(({ id, createdAt, images }) => ({
    value: id,
    label: `${when.format(new Date(createdAt))}, ${formatCount(images)} images`,
  }))
  const show = (newer: string, older: string) =>
    start(() => router.push(`${pageOfDataset(props.dataset)}?view=snapshots&newer=${newer}&older=${older}`))
  return (
    <Group align="flex-end" aria-busy={pending}>
      <NativeSelect
        label="Snapshot"
        data={options.filter(({ value }) => value !== props.older)}
        value={props.newer}
        onChange={(event) => show(event.currentTarget.value, props.older)}
      />
      <NativeSelect
        label="Compared with"
        data={options.filter(({ value }) => value !== props.newer)}
        value={props.older}
        onChange={(event) => show(props.newer, event.currentTarget.value)}
      />
    </Group>
  )
}
