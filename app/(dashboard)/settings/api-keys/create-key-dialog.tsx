'use client'

import { Button, Code, Group, Modal, Select, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { FormRefusal } from '#app/_access/form-refusal.tsx'
import { OnceShown } from '#app/_access/once-shown.tsx'
import { chosenRoles, RoleChoice } from '#app/_access/role-choice.tsx'
import { useFormCall } from '#app/_access/use-form-call.ts'
import { useReturnFocus } from '#app/_access/use-return-focus.ts'
import { api } from '#app/_data/api.ts'
import { useIdempotentCall } from '#app/_data/use-idempotent-call.ts'
import { useSignedInUser } from '#app/_shell/signed-in-user.tsx'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import type { ApiBody, ApiReply } from '#lib/delivery/client/api-paths.ts'

const DAY_MS = 24 * 3_600_000
const LIFETIMES = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '1 year' },
  { value: '', label: 'Never' },
]

type NewKey = ApiBody<'/api/api-keys', 'post'>
type Made = Pick<ApiReply<'/api/api-keys', 'post'>, 'name' | 'key'>

/** Makes a key with some of one's roles, then shows it. */
export function CreateKeyDialog(props: { close: () => void; renew: () => Promise<void>; baseUrl: string }) {
  useReturnFocus()
  const { roles } = useSignedInUser()
  const [made, setMade] = useState<Made | null>(null)
  const [days, setDays] = useState('90')
  const [openedAt] = useState(() => Date.now()) // a repetition asks for the very same key
  const create = useIdempotentCall((body: NewKey, header) =>
    dataOf(api.POST('/api/api-keys', { body, params: { header } })),
  )

  async function send(form: FormData): Promise<void> {
    const expiresAt = new Date(openedAt + Number(days) * DAY_MS).toISOString()
    const body = {
      name: String(form.get('name')),
      roles: chosenRoles(form),
      ...(days === '' ? {} : { expiresAt }),
    }
    setMade(await create(body))
    await props.renew()
  }
  const { busy, faults, onSubmit } = useFormCall(send, (form) => ({
    ...(String(form.get('name')).trim() === '' ? { name: 'Is missing' } : {}),
    ...(form.has('roles') ? {} : { roles: 'Choose at least one' }),
  }))
  return (
    <Modal
      opened
      onClose={props.close}
      title={made === null ? 'Create API key' : `API key ${made.name}`}
      closeOnClickOutside={made === null}
      closeOnEscape={made === null}
      size="lg"
    >
      {made !== null ? (
        <KeyShown made={made} baseUrl={props.baseUrl} onDone={props.close} />
      ) : (
        <form onSubmit={onSubmit} noValidate>
          <Stack gap="md">
            <TextInput
              name="name"
              label="Name"
              description="What uses it, for example “training pipeline”"
              autoComplete="off"
              maxLength={100}
              error={faults.name}
              data-autofocus
            />
            <RoleChoice
              label="Roles"
              description="Choose as few as needed. Your keys lose a role when you do."
              offered={roles}
              chosen={roles.length === 1 ? roles : []}
              error={faults.roles}
            />
            <Select
              label="Expires after"
              data={LIFETIMES}
              value={days}
              onChange={(value) => setDays(value ?? '')}
              allowDeselect={false}
              error={faults.expiresAt}
            />
            <FormRefusal>{faults.form}</FormRefusal>
            <Group justify="flex-end">
              <Button variant="default" onClick={props.close}>
                Cancel
              </Button>
              <Button type="submit" loading={busy}>
                Create key
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  )
}

function KeyShown({ made, baseUrl, onDone }: { made: Made; baseUrl: string; onDone: () => void }) {
  return (
    <OnceShown label="API key" value={made.key} onDone={onDone}>
      Store it like a password: a client with this key acts for you. Send it with each request:{' '}
      <Code style={{ overflowWrap: 'anywhere' }}>
        curl -H &quot;Authorization: Bearer &lt;key&gt;&quot; {baseUrl}/api/evaluation-runs
      </Code>
    </OnceShown>
  )
}
