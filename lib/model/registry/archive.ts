import { and, eq, inArray, isNull } from 'drizzle-orm'
import { evaluationRuns } from '#db/schema/evaluation-run.ts'
import { modelVersions } from '#db/schema/model-version.ts'
import { listBlockingRuns } from '#lib/data/dataset/blocking-runs.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { noSuchVersion } from './queries.ts'

/** Takes a version out of use; it stays readable for the runs that refer to it. Refused while one is at work. */
export async function archiveModelVersion(context: Context, input: { id: string }): Promise<void> {
  await context.db.transaction(async (tx) => {
    const [version] = await tx
      .select({ id: modelVersions.id, sha256: modelVersions.sha256 })
      .from(modelVersions)
      .where(and(eq(modelVersions.id, input.id), isNull(modelVersions.archivedAt)))
      .for('update')
    if (version === undefined) throw noSuchVersion(input.id)
    const atWork = and(
      eq(evaluationRuns.modelVersionId, version.id),
      inArray(evaluationRuns.status, ['queued', 'running']),
    )
    const active = await tx.$count(evaluationRuns, atWork)
    if (active > 0)
      throw new ServiceError('CONFLICT', `${active} evaluation runs use the version: cancel them first.`, {
        code: 'MODEL_VERSION_IN_USE',
        details: { evaluationRuns: active, blockedBy: await listBlockingRuns(tx, atWork) },
      })
    await tx.update(modelVersions).set({ archivedAt: context.now }).where(eq(modelVersions.id, version.id))
    await recordAuditEvent(tx, context, {
      action: 'model-version.archive',
      objectType: 'model-version',
      objectId: version.id,
      before: { sha256: version.sha256 },
    })
  })
}
