'use client'

import { Button, PasswordInput, Stack } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { passwordFaults } from '#app/_access/form-faults.ts'
import { FormRefusal } from '#app/_access/form-refusal.tsx'
import { NewPasswordFields } from '#app/_access/new-password-fields.tsx'
import { useFormCall } from '#app/_access/use-form-call.ts'
import { api } from '#app/_data/api.ts'
import { Panel } from '#app/_shell/panel.tsx'
import { showNotice } from '#app/_shell/show-notice.ts'

export function PasswordForm({ email }: { email: string }) {
  const queries = useQueryClient()
  const [changes, setChanges] = useState(0) // a done change empties the fields

  async function send(form: FormData): Promise<void> {
    const body = {
      currentPassword: String(form.get('currentPassword')),
      newPassword: String(form.get('newPassword')),
    }
    await api.POST('/api/auth/change-password', { body })
    setChanges(changes + 1)
    void showNotice({ message: 'Password changed. Other sessions were signed out.' })
    await queries.invalidateQueries({ queryKey: ['listing', 'sessions'] })
  }
  const { busy, faults, onSubmit } = useFormCall(send, (form) =>
    passwordFaults(form, { field: 'newPassword', email }),
  )
  return (
    <Panel title="Change password" description="You stay signed in here only.">
      <form key={changes} method="post" onSubmit={onSubmit}>
        <Stack gap="md" maw="26rem">
          <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
          <PasswordInput
            name="currentPassword"
            label="Current password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            error={faults.currentPassword}
            aria-invalid={faults.currentPassword !== undefined}
            visibilityToggleFocusable
            visibilityToggleButtonProps={{ 'aria-label': 'Show the current password' }}
          />
          <NewPasswordFields
            name="newPassword"
            label="New password"
            email={email}
            error={faults.newPassword}
            repeatError={faults.repeated}
          />
          <FormRefusal>{faults.form}</FormRefusal>
          <Button type="submit" loading={busy} style={{ alignSelf: 'flex-start' }}>
            Change password
          </Button>
        </Stack>
      </form>
    </Panel>
  )
}
