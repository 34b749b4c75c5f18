import { createHash } from 'node:crypto'
import { and, eq, isNull, max } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { models, modelVersions } from '#db/schema/model-version.ts'
import { modelCardSha256, readModelCard } from '#lib/model/card/read-card.ts'
import type { EvaluatorAddress } from '#lib/model/evaluator/evaluator-request.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import type { Content, ObjectStore } from '#lib/platform/object-store/object-store.ts'
import type { ModelCard } from '#lib/vocabulary/model-card.ts'
import { preprocessingSha256 } from '#lib/vocabulary/preprocessing-sha256.ts'
import { newAdmissionQueue } from './admission-queue.ts'
import { type Admission, admitModel } from './admit-model.ts'

/** A model's file with what was learnt of it while it arrived. It does not change until it is registered. */
export type ReceivedModel = { path: string; sizeBytes: number; sha256: string }

export type RegisterModelInput = {
  /** Large ones come as files: nothing holds a whole one in memory. */
  onnx: Uint8Array | ReceivedModel
  /** What `model.json` holds, unchecked. */
  card: unknown
}

/** One ONNX file's own limit: protobuf counts in 31 bits. */
export const MAX_MODEL_BYTES = 2 ** 31 - 1

/**
 * Takes a model and its card into the registry once an evaluator has admitted it. The same model under the same card
 * is one version, however often it comes; the bytes are stored by their hash and never overwritten.
 */
export async function registerModelVersion(
  context: Context,
  parts: { objectStore: ObjectStore; evaluators: readonly EvaluatorAddress[] },
  input: RegisterModelInput,
): Promise<{ id: string; isNew: boolean }> {
  const card = readModelCard(input.card)
  const { sizeBytes, sha256 } = identify(input.onnx)
  if (sizeBytes === 0)
    throw new ServiceError('UNPROCESSABLE', 'The model file is empty.', { code: 'MODEL_PARSE' })
  if (sizeBytes > MAX_MODEL_BYTES)
    throw new ServiceError('TOO_LARGE', `An ONNX file has at most ${MAX_MODEL_BYTES} bytes.`)
  const cardSha256 = modelCardSha256(card)

  const sent = await findVersion(context.db, sha256, cardSha256)
  if (sent !== undefined) return { id: sent.id, isNew: false }
  return await admissions.run(async () => {
    // One that came before it in the queue may have been the same.
    const known = await findVersion(context.db, sha256, cardSha256)
    if (known !== undefined) return { id: known.id, isNew: false }
    await storeModel(parts.objectStore, sha256, input.onnx)
    try {
      const admission = await admitModel(parts.evaluators, { sha256, card })
      return await insertVersion(context, { sha256, sizeBytes, card, cardSha256, admission })
    } catch (error) {
      await forgetUnusedModel(context.db, parts.objectStore, sha256)
      throw error
    }
  })
}

/** Also uploads of the same bytes so wait for each other: what one is refused for, another may need. */
const admissions = newAdmissionQueue()

function identify(onnx: Uint8Array | ReceivedModel): { sizeBytes: number; sha256: string } {
  if (!(onnx instanceof Uint8Array)) return onnx
  return { sizeBytes: onnx.byteLength, sha256: createHash('sha256').update(onnx).digest('hex') }
}

/** Bytes that no version refers to are not kept; failing to remove them must not hide why they were refused. */
async function forgetUnusedModel(db: Database, objectStore: ObjectStore, sha256: string): Promise<void> {
  try {
    const used = await db.$count(modelVersions, eq(modelVersions.sha256, sha256))
    if (used === 0) await objectStore.delete(`models/${sha256}.onnx`)
  } catch {
    // The store or the database is away: the bytes lie there, unused, until the model is uploaded again.
  }
}

async function findVersion(db: Database, sha256: string, cardSha256: string) {
  const [version] = await db
    .select({ id: modelVersions.id })
    .from(modelVersions)
    .where(
      and(
        eq(modelVersions.sha256, sha256),
        eq(modelVersions.cardSha256, cardSha256),
        isNull(modelVersions.archivedAt),
      ),
    )
  return version
}

/** Every reader of the bytes checks their hash, so what lies under the key is these bytes or is refused. */
async function storeModel(objectStore: ObjectStore, sha256: string, onnx: Content): Promise<void> {
  const key = `models/${sha256}.onnx`
  if ((await objectStore.find(key)) === null)
    await objectStore.put(key, onnx, { contentType: 'application/octet-stream' })
}

async function insertVersion(
  context: Context,
  version: { sha256: string; sizeBytes: number; card: ModelCard; cardSha256: string; admission: Admission },
): Promise<{ id: string; isNew: boolean }> {
  const { card, ...stored } = version
  return await context.db.transaction(async (tx) => {
    const modelId = await lockModel(tx, card.name)
    // Another upload of the same may have ended meanwhile; under the model's lock there is no third.
    const known = await findVersion(tx, version.sha256, version.cardSha256)
    if (known !== undefined) return { id: known.id, isNew: false }
    const number = await nextNumber(tx, modelId)
    const [row] = await tx
      .insert(modelVersions)
      .values({
        ...stored,
        modelId,
        number,
        card,
        preprocessingSha256: preprocessingSha256(card),
        findingClasses: card.findingClasses,
        createdAt: context.now,
        createdBy: context.actor.id,
      })
      .returning({ id: modelVersions.id })
    if (row === undefined) throw new Error('The insert of a model version gave no row.')
    await recordAuditEvent(tx, context, {
      action: 'model-version.register',
      objectType: 'model-version',
      objectId: row.id,
      after: { name: card.name, number, sha256: version.sha256, cardSha256: version.cardSha256 },
    })
    return { id: row.id, isNew: true }
  })
}

/** The model of this name, made if need be, held so that its version numbers are given one after the other. */
export async function lockModel(tx: Database, name: string): Promise<string> {
  await tx.insert(models).values({ name }).onConflictDoNothing()
  const [model] = await tx.select({ id: models.id }).from(models).where(eq(models.name, name)).for('update')
  if (model === undefined) throw new Error(`The model ${name} vanished.`)
  return model.id
}

/** The number of the model's next version; under its lock no other request takes it. */
export async function nextNumber(tx: Database, modelId: string): Promise<number> {
  const [last] = await tx
    .select({ number: max(modelVersions.number) })
    .from(modelVersions)
    .where(eq(modelVersions.modelId, modelId))
  return (last?.number ?? 0) + 1
}
