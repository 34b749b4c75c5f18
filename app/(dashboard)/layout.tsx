import type { ReactNode } from 'react'
import { DashboardFrame } from '#app/_shell/dashboard-frame.tsx'
import { navigationFor } from '#app/_shell/navigation.ts'
import { requirePageActor } from '#app/_shell/page-actor.ts'
import { getDemoState } from '#lib/delivery/demo/state.ts'
import { getService } from '#lib/platform/service/service.ts'

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const { user, roles, permissions } = await requirePageActor()
  return (
    <DashboardFrame
      user={{ ...user, roles: [...roles], permissions: [...permissions] }}
      navigation={navigationFor(permissions)}
      demo={await getDemoState(getService())}
    >
      {children}
    </DashboardFrame>
  )
}
