'use client'

import { Alert, Loader, Text } from '@mantine/core'
import { IconFlask } from '@tabler/icons-react'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import type { DemoState } from '#lib/delivery/demo/state.ts'

/** While data are being made nothing else announces it: look again this often. */
const LOOK_AGAIN_MS = 3_000

const STEPS = {
  images: 'Generating synthetic images',
  'model-versions': 'Registering the two model versions',
  'evaluation-runs': 'Starting the evaluations',
} as const

/** Says that what is shown is a demo, and how far its making is. */
export function DemoBanner({ demo }: { demo: DemoState }) {
  const router = useRouter()
  const unfinished = demo.state === 'preparing' || demo.state === 'failed'
  useEffect(() => {
    if (!unfinished) return
    const timer = setInterval(() => router.refresh(), LOOK_AGAIN_MS)
    return () => clearInterval(timer)
  }, [unfinished, router])
  if (demo.state === 'off') return null
  return (
    <Alert
      color={demo.state === 'failed' ? 'orange' : 'reader'}
      variant="light"
      mb="md"
      py="xs"
      icon={
        demo.state === 'preparing' ? <Loader size={18} aria-hidden /> : <IconFlask size={18} aria-hidden />
      }
      data-print="no"
    >
      <Text size="sm">
        <strong>Demo with synthetic images.</strong> Not for clinical use.
        {demo.state === 'preparing' && ` ${STEPS[demo.step]}: ${demo.detail}.`}
        {demo.state === 'failed' && ` ${STEPS[demo.step]} failed and will be retried: ${demo.detail}`}
      </Text>
    </Alert>
  )
}
