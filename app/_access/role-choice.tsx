'use client'

import { Checkbox, Stack } from '@mantine/core'
import { ROLES, type Role } from '#lib/platform/permissions.ts'
import { ROLE_NAMES, whatRoleMayDo } from './role-names.ts'

/** Roles to tick, each with what it may do; the form has them as `roles`. */
export function RoleChoice(props: {
  label: string
  description?: string
  offered: readonly Role[]
  chosen: readonly Role[]
  error: string | undefined
}) {
  return (
    <Checkbox.Group
      label={props.label}
      description={props.description}
      defaultValue={[...props.chosen]}
      error={props.error}
    >
      <Stack gap="sm" my="xs">
        {props.offered.map((role) => (
          <Checkbox
            key={role}
            name="roles"
            value={role}
            label={ROLE_NAMES[role]}
            description={whatRoleMayDo(role)}
          />
        ))}
      </Stack>
    </Checkbox.Group>
  )
}

/** The ticked ones of a form. */
export function chosenRoles(form: FormData): Role[] {
  const ticked = form.getAll('roles')
  return ROLES.filter((role) => ticked.includes(role))
}
