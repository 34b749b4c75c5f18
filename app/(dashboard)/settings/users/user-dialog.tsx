'use client'

import { ConfirmDialog } from '#app/_access/confirm-dialog.tsx'
import { api } from '#app/_data/api.ts'
import { ChangeDialog } from './change-dialog.tsx'
import { LinkDialog } from './link-dialog.tsx'
import type { ShownUser } from './user.ts'

export type UserAction = 'change' | 'invitation' | 'password-reset' | 'disable' | 'enable' | 'delete'

type Props = { user: ShownUser; close: () => void; renew: () => Promise<void> }

/** The one dialog that is open about a person. */
export function UserDialog({ action, ...props }: Props & { action: UserAction }) {
  if (action === 'change') return <ChangeDialog {...props} />
  if (action === 'invitation' || action === 'password-reset') return <LinkDialog kind={action} {...props} />
  return <StateDialog action={action} {...props} />
}

const CONSEQUENCES = {
  disable: {
    button: 'Disable',
    says: 'is signed out everywhere and cannot sign in; their API keys stop working. You can enable the account again.',
  },
  enable: {
    button: 'Enable',
    says: 'can sign in again with the same password; their API keys work again.',
  },
  delete: {
    button: 'Delete',
    says: 'permanently loses the account, sessions and API keys. The audit log keeps their actions.',
  },
} as const

function StateDialog(props: Props & { action: 'disable' | 'enable' | 'delete' }) {
  const { action, user } = props
  const { button, says } = CONSEQUENCES[action]

  async function act(): Promise<void> {
    const params = { path: { id: user.id } }
    if (action === 'delete') await api.DELETE('/api/users/{id}', { params })
    else await api.PATCH('/api/users/{id}', { params, body: { disabled: action === 'disable' } })
    await props.renew()
  }
  return (
    <ConfirmDialog
      title={`${button} ${user.name}?`}
      button={button}
      dangerous={action !== 'enable'}
      act={act}
      close={props.close}
    >
      {user.email} {says}
    </ConfirmDialog>
  )
}
