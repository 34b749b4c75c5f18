'use client'

import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { FormRefusal } from './form-refusal.tsx'
import { useFormCall } from './use-form-call.ts'
import { useReturnFocus } from './use-return-focus.ts'

/** Asks first; the safe answer has the focus. */
export function ConfirmDialog(props: {
  title: string
  children: ReactNode
  button: string
  /** The safe answer; "Cancel" where that is not what the question is about. */
  keep?: string
  dangerous?: boolean
  act: () => Promise<void>
  close: () => void
}) {
  useReturnFocus()
  const { busy, faults, onSubmit } = useFormCall(async () => {
    await props.act()
    props.close()
  })
  return (
    <Modal opened onClose={props.close} title={props.title} centered>
      <form onSubmit={onSubmit}>
        <Stack gap="md">
          <Text component="div">{props.children}</Text>
          <FormRefusal>{faults.form}</FormRefusal>
          <Group justify="flex-end">
            <Button variant="default" onClick={props.close} data-autofocus>
              {props.keep ?? 'Cancel'}
            </Button>
            <Button type="submit" color={props.dangerous === false ? 'reader' : 'red'} loading={busy}>
              {props.button}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
