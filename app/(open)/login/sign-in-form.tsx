'use client'

import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useRef, useState } from 'react'
import { FormRefusal } from '#app/_access/form-refusal.tsx'
import { api } from '#app/_data/api.ts'
import { homeOf } from '#app/_shell/navigation.ts'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import { permissionsOf } from '#lib/platform/permissions.ts'
import { refusalOf } from './refusal.ts'

/** The fields are the browser's own: what a password manager filled in before this script ran is kept. */
export function SignInForm({ next }: { next: string | null }) {
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string>()
  const password = useRef<HTMLInputElement>(null)

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    setRefusal(undefined)
    try {
      const form = new FormData(event.currentTarget)
      const body = { email: String(form.get('email')), password: String(form.get('password')) }
      const { user } = await dataOf(api.POST('/api/auth/sign-in/email', { body }))
      // A new document: nothing of who was here before is left in the page.
      window.location.assign(next ?? homeOf(permissionsOf(user.roles)))
    } catch (error) {
      setRefusal(refusalOf(error, new Date()))
      setBusy(false)
      password.current?.focus()
    }
  }

  return (
    // Without this script the browser sends the form itself: by POST, so that no password gets into an address.
    <form method="post" onSubmit={submit}>
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
          autoFocus
        />
        <PasswordInput
          ref={password}
          name="password"
          label="Password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          visibilityToggleFocusable
          visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
        />
        <FormRefusal>{refusal}</FormRefusal>
        <Button type="submit" loading={busy} fullWidth>
          Sign in
        </Button>
        <Text size="sm" c="dimmed">
          Forgot your password or need an account? Ask your administrator.
        </Text>
      </Stack>
    </form>
  )
}
