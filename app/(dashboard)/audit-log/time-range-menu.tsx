'use client'

import { Button, Menu } from '@mantine/core'
import { IconClock } from '@tabler/icons-react'

/** In the words and the notation of Grafana's time picker. */
const RANGES = [
  { title: 'Last hour', from: 'now-1h' },
  { title: 'Last 24 hours', from: 'now-24h' },
  { title: 'Today', from: 'now/d' },
  { title: 'Last 7 days', from: 'now-7d' },
  { title: 'Last 30 days', from: 'now-30d' },
] as const

/** Ranges that end now; what reckons them is fetched when one is chosen. */
export function TimeRangeMenu({ choose }: { choose: (from: Date) => void }) {
  async function reckon(from: string): Promise<void> {
    const { rangeUtil } = await import('@grafana/data')
    choose(rangeUtil.convertRawToRange({ from, to: 'now' }).from.toDate())
  }
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button variant="default" leftSection={<IconClock size={16} aria-hidden />}>
          Time range
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {RANGES.map(({ title, from }) => (
          <Menu.Item key={from} onClick={() => void reckon(from)}>
            {title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
