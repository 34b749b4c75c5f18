'use client'

import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { FormRefusal } from '#app/_access/form-refusal.tsx'
import { useFormCall } from '#app/_access/use-form-call.ts'
import { useReturnFocus } from '#app/_access/use-return-focus.ts'
import { api } from '#app/_data/api.ts'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import { LinkShown } from './link-shown.tsx'
import type { OneTimeLink, ShownUser } from './user.ts'

const KINDS = {
  invitation: {
    title: 'New invitation link',
    says: 'Earlier invitation links of this user stop working.',
  },
  'password-reset': {
    title: 'Password-reset link',
    says: 'The old password works until a new one is chosen; then the user is signed out everywhere else.',
  },
} as const

/** Creates a link with which a user chooses a password, and shows it. */
export function LinkDialog(props: { kind: keyof typeof KINDS; user: ShownUser; close: () => void }) {
  useReturnFocus()
  const { kind, user } = props
  const [link, setLink] = useState<OneTimeLink | null>(null)
  const { busy, faults, onSubmit } = useFormCall(async () => {
    const params = { path: { id: user.id } }
    setLink(await dataOf(api.POST(`/api/users/{id}/${kind}`, { params })))
  })
  return (
    <Modal
      opened
      onClose={props.close}
      title={KINDS[kind].title}
      closeOnClickOutside={link === null}
      closeOnEscape={link === null}
      size="lg"
    >
      {link !== null ? (
        <LinkShown link={link} email={user.email} onDone={props.close} />
      ) : (
        <form onSubmit={onSubmit}>
          <Stack gap="md">
            <Text>
              For {user.name} ({user.email}). {KINDS[kind].says}
            </Text>
            <FormRefusal>{faults.form}</FormRefusal>
            <Group justify="flex-end">
              <Button variant="default" onClick={props.close}>
                Cancel
              </Button>
              <Button type="submit" loading={busy} data-autofocus>
                Create link
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  )
}
