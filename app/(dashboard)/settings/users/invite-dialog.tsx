'use client'

import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { FormRefusal } from '#app/_access/form-refusal.tsx'
import { chosenRoles, RoleChoice } from '#app/_access/role-choice.tsx'
import { useFormCall } from '#app/_access/use-form-call.ts'
import { useReturnFocus } from '#app/_access/use-return-focus.ts'
import { api } from '#app/_data/api.ts'
import { useIdempotentCall } from '#app/_data/use-idempotent-call.ts'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import type { ApiBody } from '#lib/delivery/client/api-paths.ts'
import { ROLES } from '#lib/platform/permissions.ts'
import { LinkShown } from './link-shown.tsx'
import type { OneTimeLink } from './user.ts'

type NewUser = ApiBody<'/api/users', 'post'>
type Invited = { email: string; invitation: OneTimeLink }

/** Adds a person, then shows the link by which they choose a password. */
export function InviteDialog(props: { close: () => void; renew: () => Promise<void> }) {
  useReturnFocus()
  const [invited, setInvited] = useState<Invited | null>(null)
  const create = useIdempotentCall((body: NewUser, header) =>
    dataOf(api.POST('/api/users', { body, params: { header } })),
  )

  async function send(form: FormData): Promise<void> {
    const name = String(form.get('name')).trim()
    const body = {
      email: String(form.get('email')),
      roles: chosenRoles(form),
      ...(name === '' ? {} : { name }),
    }
    const { email, invitation } = await create(body)
    if (invitation !== undefined) setInvited({ email, invitation }) // always, where no password was given
    await props.renew()
  }
  const { busy, faults, onSubmit } = useFormCall(send, (form) => ({
    ...(String(form.get('email')).includes('@') ? {} : { email: 'Enter a valid e-mail address' }),
    ...(form.has('roles') ? {} : { roles: 'Choose at least one' }),
  }))
  return (
    <Modal
      opened
      onClose={props.close}
      title={invited === null ? 'Invite user' : 'Invitation link'}
      closeOnClickOutside={invited === null}
      closeOnEscape={invited === null}
      size="lg"
    >
      {invited !== null ? (
        <LinkShown link={invited.invitation} email={invited.email} onDone={props.close} />
      ) : (
        <form onSubmit={onSubmit} noValidate>
          <Stack gap="md">
            <TextInput
              name="email"
              type="email"
              label="E-mail"
              autoComplete="off"
              autoCapitalize="none"
              maxLength={254}
              error={faults.email}
              data-autofocus
            />
            <TextInput
              name="name"
              label="Name"
              description="The user can change it when accepting"
              autoComplete="off"
              maxLength={200}
              error={faults.name}
            />
            <RoleChoice label="Roles" offered={ROLES} chosen={[]} error={faults.roles} />
            <FormRefusal>{faults.form}</FormRefusal>
            <Group justify="flex-end">
              <Button variant="default" onClick={props.close}>
                Cancel
              </Button>
              <Button type="submit" loading={busy}>
                Create invitation link
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  )
}
