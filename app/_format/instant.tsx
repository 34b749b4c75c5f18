'use client'

import { Tooltip } from '@mantine/core'
import { UNDEFINED_NUMBER } from './ratio.ts'
import { useInBrowser } from './use-in-browser.ts'

const absolute = (at: Date, zone?: string) =>
  new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
    ...(zone === undefined ? {} : { timeZone: zone }),
  }).format(at)

/** A moment in the visitor's own time zone, the exact one on hover; the server's first rendering is in UTC. */
export function Instant({ at }: { at: string | Date | null | undefined }) {
  const inBrowser = useInBrowser()
  if (at === null || at === undefined) return <>{UNDEFINED_NUMBER}</>
  const moment = new Date(at)
  return (
    <Tooltip label={moment.toISOString()} openDelay={400}>
      <time dateTime={moment.toISOString()}>{inBrowser ? absolute(moment) : absolute(moment, 'UTC')}</time>
    </Tooltip>
  )
}
