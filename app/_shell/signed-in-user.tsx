'use client'

import { createContext, type ReactNode, useContext } from 'react'
import type { Permission, Role } from '#lib/platform/permissions.ts'

export type SignedInUser = {
  id: string
  email: string
  name: string
  roles: Role[]
  permissions: Permission[]
}

const UserContext = createContext<SignedInUser | null>(null)

export function SignedInUserProvider({ user, children }: { user: SignedInUser; children: ReactNode }) {
  return <UserContext value={user}>{children}</UserContext>
}

/** Who is signed in; only within the dashboard's frame. */
export function useSignedInUser(): SignedInUser {
  const user = useContext(UserContext)
  if (user === null) throw new Error('useSignedInUser outside the dashboard')
  return user
}

/** Whether to show what needs this permission; the server decides again when it is used. */
export function useMay(permission: Permission): boolean {
  return useSignedInUser().permissions.includes(permission)
}
