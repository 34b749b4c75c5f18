import { and, desc, isNotNull, isNull } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { modelVersions } from '#db/schema/model-version.ts'
import { ServiceError } from '#lib/platform/errors.ts'

export type ModelVersion = typeof modelVersions.$inferSelect

/** The model version that single predictions and unnamed evaluations use: the newest admitted one. */
export async function getCurrentModelVersion(db: Database): Promise<ModelVersion & { sha256: string }> {
  const [version] = await db
    .select()
    .from(modelVersions)
    .where(and(isNull(modelVersions.archivedAt), isNotNull(modelVersions.sha256)))
    .orderBy(desc(modelVersions.createdAt), desc(modelVersions.id))
    .limit(1)
  if (version === undefined || version.sha256 === null)
    throw new ServiceError(
      'UNAVAILABLE',
      'There is no model version yet: upload one by POST /api/model-versions.',
      {
        code: 'NO_MODEL_VERSION',
      },
    )
  return { ...version, sha256: version.sha256 }
}
