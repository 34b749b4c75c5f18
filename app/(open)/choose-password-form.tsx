'use client'

import { Button, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { passwordFaults } from '#app/_access/form-faults.ts'
import { FormRefusal } from '#app/_access/form-refusal.tsx'
import { NewPasswordFields } from '#app/_access/new-password-fields.tsx'
import { useFormCall } from '#app/_access/use-form-call.ts'
import { api } from '#app/_data/api.ts'
import { homeOf } from '#app/_shell/navigation.ts'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import { permissionsOf } from '#lib/platform/permissions.ts'

/** What a link asks for depends on its purpose; `email` is null where there is no account yet. */
export function ChoosePasswordForm(props: {
  purpose: 'setup' | 'invitation' | 'password-reset'
  token: string
  email: string | null
  name: string | null
  button: string
}) {
  const { purpose, token } = props
  const [typed, setTyped] = useState('')
  const email = props.email ?? typed.trim().toLowerCase()

  async function send(form: FormData): Promise<void> {
    const name = String(form.get('name') ?? '').trim()
    const password = String(form.get('password'))
    const named = name === '' ? {} : { name }
    const body =
      purpose === 'setup'
        ? { purpose, token, password, email: String(form.get('email')), ...named }
        : purpose === 'invitation'
          ? { purpose, token, password, ...named }
          : { purpose, token, password }
    const { user } = await dataOf(api.POST('/api/auth/redeem-token', { body }))
    window.location.assign(homeOf(permissionsOf(user.roles)))
  }
  const { busy, faults, onSubmit } = useFormCall(send, (form) =>
    passwordFaults(form, { field: 'password', email }),
  )

  return (
    // Without this script the browser sends the form itself: by POST, so that no password gets into an address.
    <form method="post" onSubmit={onSubmit}>
      <Stack gap="md">
        <TextInput
          name="email"
          type="email"
          label="E-mail"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          withAsterisk={false}
          maxLength={254}
          error={faults.email}
          {...(props.email === null
            ? { onChange: (event) => setTyped(event.currentTarget.value) }
            : { value: props.email, readOnly: true, variant: 'filled' })}
        />
        {purpose !== 'password-reset' && (
          <TextInput
            name="name"
            label="Name"
            description="Shown to colleagues"
            autoComplete="name"
            maxLength={200}
            defaultValue={props.name ?? ''}
            error={faults.name}
          />
        )}
        <NewPasswordFields
          name="password"
          label="Password"
          email={email}
          error={faults.password}
          repeatError={faults.repeated}
        />
        <FormRefusal>{faults.form}</FormRefusal>
        <Button type="submit" loading={busy} fullWidth>
          {props.button}
        </Button>
      </Stack>
    </form>
  )
}
