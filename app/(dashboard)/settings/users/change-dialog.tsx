'use client'

import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { FormRefusal } from '#app/_access/form-refusal.tsx'
import { chosenRoles, RoleChoice } from '#app/_access/role-choice.tsx'
import { useFormCall } from '#app/_access/use-form-call.ts'
import { useReturnFocus } from '#app/_access/use-return-focus.ts'
import { api } from '#app/_data/api.ts'
import { useSignedInUser } from '#app/_shell/signed-in-user.tsx'
import { ROLES } from '#lib/platform/permissions.ts'
import type { ShownUser } from './user.ts'

/** Name and roles of a person; of oneself the name alone. */
export function ChangeDialog(props: { user: ShownUser; close: () => void; renew: () => Promise<void> }) {
  useReturnFocus()
  const { user } = props
  const own = useSignedInUser().id === user.id

  async function send(form: FormData): Promise<void> {
    const body = { name: String(form.get('name')), ...(own ? {} : { roles: chosenRoles(form) }) }
    await api.PATCH('/api/users/{id}', { params: { path: { id: user.id } }, body })
    await props.renew()
    props.close()
  }
  const { busy, faults, onSubmit } = useFormCall(send, (form) => ({
    ...(String(form.get('name')).trim() === '' ? { name: 'Is missing' } : {}),
    ...(own || form.has('roles') ? {} : { roles: 'Choose at least one' }),
  }))
  return (
    <Modal opened onClose={props.close} title={own ? 'Change your name' : `Change ${user.name}`} size="lg">
      <form onSubmit={onSubmit} noValidate>
        <Stack gap="md">
          <TextInput
            name="name"
            label="Name"
            defaultValue={user.name}
            maxLength={200}
            error={faults.name}
            data-autofocus
          />
          {own ? (
            <Text size="sm" c="dimmed">
              Only another administrator can change your roles.
            </Text>
          ) : (
            <RoleChoice
              label="Roles"
              description="Changing roles signs the user out everywhere, so that it takes effect at once."
              offered={ROLES}
              chosen={user.roles}
              error={faults.roles}
            />
          )}
          <FormRefusal>{faults.form}</FormRefusal>
          <Group justify="flex-end">
            <Button variant="default" onClick={props.close}>
              Cancel
            </Button>
            <Button type="submit" loading={busy}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
