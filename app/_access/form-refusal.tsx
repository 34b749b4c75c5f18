import { Alert } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'

/** Why a form was refused as a whole, above its button; nothing while it was not. */
export function FormRefusal({ children }: { children: string | undefined }) {
  if (children === undefined) return null
  return (
    <Alert color="red" variant="light" icon={<IconAlertCircle aria-hidden />} role="alert">
      {children}
    </Alert>
  )
}
