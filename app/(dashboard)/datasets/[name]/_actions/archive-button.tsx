'use client'

import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import dynamic from 'next/dynamic'

const ArchiveDialog = dynamic(() => import('./archive-dialog.tsx').then((file) => file.ArchiveDialog), {
  ssr: false,
})

/** Takes the dataset out of use, after a question. */
export function ArchiveButton({ dataset }: { dataset: string }) {
  const [opened, { open, close }] = useDisclosure()
  return (
    <>
      <Button variant="subtle" color="gray" onClick={open}>
        Archive
      </Button>
      <ArchiveDialog dataset={dataset} opened={opened} close={close} />
    </>
  )
}
