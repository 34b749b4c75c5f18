'use client'

import { Button, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import dynamic from 'next/dynamic'
import { useScanRequest } from './request-scan.ts'

const ConfirmDialog = dynamic(
  () => import('#app/_access/confirm-dialog.tsx').then((file) => file.ConfirmDialog),
  { ssr: false },
)

/** Scans although the same image lies in several finding classes, after saying what that means. */
export function AllowConflicts({ dataset }: { dataset: string }) {
  const { asking, request } = useScanRequest(dataset)
  const [opened, { open, close }] = useDisclosure()
  return (
    <Group mt="sm">
      <Button size="xs" variant="default" loading={asking} onClick={open}>
        Scan and allow label conflicts…
      </Button>
      {opened && (
        <ConfirmDialog
          title="Allow label conflicts?"
          button="Scan with conflicts"
          keep="Not now"
          dangerous={false}
          act={() => request({ allowLabelConflicts: true })}
          close={close}
        >
          <Text size="sm">
            Each of these images then counts once in each of its finding classes. A model can be correct for
            only one of them, so accuracy cannot reach 100%. Later scans keep this choice.
          </Text>
        </ConfirmDialog>
      )}
    </Group>
  )
}
