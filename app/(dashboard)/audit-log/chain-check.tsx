'use client'

import { Button, Group, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconLink } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { api } from '#app/_data/api.ts'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import { describeCheck } from './describe-check.ts'

/** Has the server recompute the chain of seals, and says what came of it. */
export function ChainCheck() {
  const check = useMutation({
    mutationFn: () => dataOf(api.GET('/api/audit-events/verify')),
  })
  const good = check.data?.ok === true
  const said = check.data === undefined ? check.error?.message : describeCheck(check.data)
  const Sign = good ? IconCircleCheck : IconAlertTriangle
  return (
    <Group gap="sm">
      <Group gap={6} role="status" maw={420}>
        {said !== undefined && (
          <>
            <Sign size={18} aria-hidden color={`var(--mantine-color-${good ? 'teal' : 'red'}-text)`} />
            <Text size="sm" fw={600} style={{ flex: 1 }}>
              {said}
            </Text>
          </>
        )}
      </Group>
      <Button
        variant="default"
        onClick={() => check.mutate()}
        loading={check.isPending}
        leftSection={<IconLink size={16} aria-hidden />}
      >
        Verify integrity
      </Button>
    </Group>
  )
}
