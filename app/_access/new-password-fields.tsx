'use client'

import { List, PasswordInput, Stack, ThemeIcon } from '@mantine/core'
import { IconCheck, IconCircle } from '@tabler/icons-react'
import { useState } from 'react'
import { PASSWORD_RULES } from '#lib/platform/auth/password-rules.ts'

/** A new password, typed twice, beside what it has to be. `name` is the form's field of the password. */
export function NewPasswordFields(props: {
  name: string
  label: string
  email: string
  error: string | undefined
  repeatError: string | undefined
}) {
  const [password, setPassword] = useState('')
  const shared = {
    autoComplete: 'new-password',
    required: true,
    withAsterisk: false,
    visibilityToggleFocusable: true,
  }
  return (
    <Stack gap="sm">
      <PasswordInput
        {...shared}
        name={props.name}
        label={props.label}
        error={props.error}
        aria-invalid={props.error !== undefined}
        onChange={(event) => setPassword(event.currentTarget.value)}
        description={<PasswordRules password={password} email={props.email} />}
        descriptionProps={{ component: 'div', size: 'sm', mt: 'sm' }}
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        visibilityToggleButtonProps={{ 'aria-label': `Show the ${props.label.toLowerCase()}` }}
      />
      <PasswordInput
        {...shared}
        name="repeated"
        label="Confirm password"
        error={props.repeatError}
        aria-invalid={props.repeatError !== undefined}
        visibilityToggleButtonProps={{ 'aria-label': 'Show the confirmed password' }}
      />
    </Stack>
  )
}

function PasswordRules({ password, email }: { password: string; email: string }) {
  return (
    <List size="sm" spacing={4} center c="var(--mantine-color-text)">
      {PASSWORD_RULES.map(({ code, demand, holds }) => {
        const met = password !== '' && holds(password, email)
        const Sign = met ? IconCheck : IconCircle
        return (
          <List.Item
            key={code}
            icon={
              <ThemeIcon size={18} radius="xl" variant={met ? 'filled' : 'transparent'} color="reader">
                <Sign size={12} aria-hidden />
              </ThemeIcon>
            }
          >
            {demand}
            {met && <span className="visually-hidden"> (done)</span>}
          </List.Item>
        )
      })}
    </List>
  )
}
