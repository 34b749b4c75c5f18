'use client'

import { Alert, Group, Progress, Text } from '@mantine/core'
import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import { Panel } from '#app/_shell/panel.tsx'
import { describeProgress } from './describe-progress.ts'
import { explainStandstill } from './explain-failure.ts'
import type { RunState } from './run-state.ts'
import { useRunState } from './use-run-state.ts'

/** A screen reader is told no more often than this. */
const ANNOUNCE_MS = 5_000

/** How far the run is, live; its numbers replace it when it has ended. */
export function RunProgress({ initial }: { initial: RunState }) {
  const run = useRunState(initial)
  const router = useRouter()
  useEffect(() => {
    if (run.status !== initial.status) router.refresh()
  }, [run.status, initial.status, router])
  const { headline, details, doneRatio } = describeProgress(run)
  const standstill = explainStandstill(run.reasonCode)
  return (
    <Panel title={headline}>
      <Progress.Root size="lg" mb="xs">
        <Progress.Section
          value={doneRatio === null ? 100 : 100 * doneRatio}
          striped={doneRatio === null}
          animated={doneRatio === null}
          color={doneRatio === null ? 'gray' : 'reader'}
          aria-label="Progress of the evaluation"
          {...(doneRatio === null ? { 'aria-valuenow': undefined, 'aria-valuetext': headline } : {})}
        />
      </Progress.Root>
      <Group gap="lg" className="figures">
        {details.map((detail) => (
          <Text key={detail} size="sm">
            {detail}
          </Text>
        ))}
        {details.length === 0 && (
          <Text size="sm" c="dimmed">
            Other evaluations run first. You can leave this page.
          </Text>
        )}
      </Group>
      <Announcement text={[headline, ...details].join(', ')} />
      {standstill !== null && (
        <Alert color="orange" mt="sm" role="status">
          {standstill}
        </Alert>
      )}
    </Panel>
  )
}

function Announcement({ text }: { text: string }) {
  const [said, setSaid] = useState(text)
  const latest = useRef(text)
  latest.current = text
  useEffect(() => {
    const timer = setInterval(() => setSaid(latest.current), ANNOUNCE_MS)
    return () => clearInterval(timer)
  }, [])
  return (
    <p className="visually-hidden" aria-live="polite">
      {said}
    </p>
  )
}
