'use client'

import { Anchor, Button, Group, Text } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import Link from 'next/link'
import { type ReactNode, useEffect } from 'react'
import { formatCount } from '#app/_format/ratio.ts'
import { contentAddress, useSeenBy } from './use-seen-by.ts'

type Neighbour = { id: number; href: string } | null

/** Where the image stands in the list it came from, and the ways to the ones beside it, which are fetched ahead. */
export function ListPosition(props: {
  previous: Neighbour
  next: Neighbour
  position: number | null
  total: number
  list: { href: string; title: string; filter: string }
  versions: readonly { id: string }[]
}) {
  const { previous, next, list } = props
  const { seenBy, withSeenBy } = useSeenBy(props.versions)
  const nextId = next?.id
  const previousId = previous?.id
  useEffect(() => {
    for (const id of [nextId, previousId]) if (id !== undefined) new Image().src = contentAddress(id, seenBy)
  }, [nextId, previousId, seenBy])
  return (
    <Group justify="space-between" gap="xs" mb="xs" component="nav" aria-label="Images of the list">
      <Group gap="xs" wrap="nowrap">
        <Step to={previous === null ? null : withSeenBy(previous.href)} name="Previous">
          <IconChevronLeft size={16} aria-hidden />
        </Step>
        <Step to={next === null ? null : withSeenBy(next.href)} name="Next">
          <IconChevronRight size={16} aria-hidden />
        </Step>
        <Text size="sm" className="figures" aria-live="polite">
          {props.position === null
            ? 'Not in this list'
            : `${formatCount(props.position)} of ${formatCount(props.total)}`}
        </Text>
      </Group>
      <Text size="sm" c="dimmed">
        in{' '}
        <Anchor component={Link} href={list.href} inherit underline="always">
          {list.title}
        </Anchor>
        , {list.filter}
      </Text>
    </Group>
  )
}

function Step({ to, name, children }: { to: string | null; name: string; children: ReactNode }) {
  const isNext = name === 'Next'
  const section = isNext ? { rightSection: children } : { leftSection: children }
  if (to === null)
    return (
      <Button size="xs" variant="default" disabled {...section}>
        {name}
      </Button>
    )
  return (
    <Button component={Link} href={to} prefetch size="xs" variant="default" {...section}>
      {name}
    </Button>
  )
}
