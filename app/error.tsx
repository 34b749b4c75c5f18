'use client'

import { Group } from '@mantine/core'
import { BrandMark } from '#app/_shell/brand-mark.tsx'
import { Failure } from '#app/_shell/failure.tsx'

/** Where not even the frame could be made. */
export default function PageFailure({ error }: { error: Error & { digest?: string } }) {
  return (
    <main style={{ padding: 'var(--mantine-spacing-md)' }}>
      <Group gap="xs" justify="center" fw={650} mt="md">
        <BrandMark size={28} />
        Second Reader
      </Group>
      <Failure digest={error.digest} />
    </main>
  )
}
