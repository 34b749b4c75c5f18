import { requirePageActor } from '#app/_shell/page-actor.ts'
import { PageHeader } from '#app/_shell/page-header.tsx'
import { AuditLog } from './audit-log.tsx'
import { ChainCheck } from './chain-check.tsx'

export const metadata = { title: 'Audit log' }

export default async function AuditLogPage() {
  await requirePageActor('audit-event:read')
  return (
    <>
      <PageHeader
        title="Audit log"
        description="Who did what, newest first. Events are hash-chained: later changes or deletions are detected."
        actions={<ChainCheck />}
      />
      <AuditLog />
    </>
  )
}
