import { createHash } from 'node:crypto'
import { argmax } from '#lib/statistics/argmax.ts'
import type { ImportTarget, KnownImage } from './find-target.ts'
import { ImportFaults } from './import-faults.ts'
import type { ImportedPrediction, ImportedPredictions } from './schema.ts'

export type PlannedImage = {
  /** Null: made by this import. */
  id: number | null
  key: string
  sha256: string
  findingClass: string
  patient: string | null
}

export type PlannedRow = { image: PlannedImage; predictedIndex: number; probabilities: readonly number[] }

/** What an import will store. */
export type ImportPlan = {
  datasetId: string
  /** Null: the import's images are a snapshot of their own. */
  snapshotId: string | null
  /** In the order of their image ids. */
  rows: PlannedRow[]
  /** Images of the snapshot that the import says nothing of, though the version knows their class. */
  unpredicted: KnownImage[]
  /** Images of the snapshot whose class the version does not know. */
  excluded: number
}

/**
 * Joins an import with the images that are known. Where the dataset's images lie here, a prediction of anything else is
 * refused; so is everywhere a reference class or a patient that contradicts the dataset.
 */
export function planImport(
  { predictions, modelVersion }: ImportedPredictions,
  target: ImportTarget,
  newDatasetId: string,
): ImportPlan {
  const datasetId = target.datasetId ?? newDatasetId
  const known = new Map(target.images.map((image) => [image.key, image]))
  const faults = new ImportFaults()
  const ofContent = new Map<string, ImportedPrediction>()
  const find = (key: string) => known.get(key) ?? target.copies.get(key)
  predictions.forEach((prediction, index) => {
    const image = find(prediction.imageKey)
    checkRow(prediction, index, image, target, faults)
    if (image !== undefined) checkTwin(prediction, index, { ofContent, image }, faults)
  })
  faults.refuseAny()

  const planned = new Set<number>()
  const rows = predictions.flatMap((prediction): PlannedRow[] => {
    const { imageKey: key, probabilities } = prediction
    const found = find(key)
    if (found !== undefined && planned.has(found.id)) return [] // a copy of it has said the same
    if (found !== undefined) planned.add(found.id)
    const image = found ?? {
      id: null,
      key,
      sha256: imageIdentity(datasetId, key),
      findingClass: prediction.referenceClass,
      patient: prediction.patient ?? null,
    }
    return [{ image, predictedIndex: argmax(probabilities), probabilities }]
  })
  // Ids are given in the order of insertion: new images follow the known ones, in the order of the import.
  rows.sort(
    (a, b) => (a.image.id ?? Number.POSITIVE_INFINITY) - (b.image.id ?? Number.POSITIVE_INFINITY) || 0,
  )
  if (target.isScanned)
    return { datasetId, snapshotId: target.snapshotId, rows, ...restOf(target, rows, modelVersion) }
  const snapshotId = isWholeSnapshot(target, rows) ? target.snapshotId : null
  return { datasetId, snapshotId, rows, unpredicted: [], excluded: 0 }
}

/** What stands for the content of an image that is not here: its key, within its dataset. */
export function imageIdentity(datasetId: string, key: string): string {
  return createHash('sha256').update(`imported image\n${datasetId}\n${key}`).digest('hex')
}

function checkRow(
  { imageKey, referenceClass, patient }: ImportedPrediction,
  index: number,
  known: KnownImage | undefined,
  { isScanned }: ImportTarget,
  faults: ImportFaults,
): void {
  const at = (field: string) => ({ index, imageKey, field })
  if (known === undefined) {
    if (isScanned) faults.add(at('imageKey'), 'UNKNOWN_IMAGE', 'is no image of the dataset’s newest snapshot')
    return
  }
  if (known.findingClass !== referenceClass)
    faults.add(
      at('referenceClass'),
      'REFERENCE_MISMATCH',
      `is ${JSON.stringify(referenceClass)}; the dataset says ${JSON.stringify(known.findingClass)}`,
    )
  if (patient !== undefined && patient !== null && patient !== known.patient)
    faults.add(
      at('patient'),
      'PATIENT_MISMATCH',
      `is ${JSON.stringify(patient)}; the dataset says ${JSON.stringify(known.patient)} (leave it out to keep that)`,
    )
}

/** A dataset may hold the same bytes in two classes, where that was allowed: a set has one prediction of them. */
function checkTwin(
  prediction: ImportedPrediction,
  index: number,
  { ofContent, image }: { ofContent: Map<string, ImportedPrediction>; image: KnownImage },
  faults: ImportFaults,
): void {
  const { imageKey, probabilities } = prediction
  const twin = ofContent.get(image.sha256)
  ofContent.set(image.sha256, prediction)
  if (twin === undefined || probabilities.every((probability, k) => probability === twin.probabilities[k]))
    return
  const copy = imageKey === image.key ? twin.imageKey : imageKey
  const what = copy === image.key ? '' : `: ${JSON.stringify(copy)} is a copy of ${JSON.stringify(image.key)}`
  const message = `differs from those of ${JSON.stringify(twin.imageKey)}, which has the same bytes${what}`
  faults.add({ index, imageKey, field: 'probabilities' }, 'CONTRADICTION', message)
}

function restOf(
  { images }: ImportTarget,
  rows: readonly PlannedRow[],
  { findingClasses }: ImportedPredictions['modelVersion'],
): Pick<ImportPlan, 'unpredicted' | 'excluded'> {
  const predicted = new Set(rows.map(({ image }) => image.id))
  const classes = new Set(findingClasses)
  const isKnown = ({ findingClass }: KnownImage) => classes.has(findingClass)
  return {
    unpredicted: images.filter((image) => isKnown(image) && !predicted.has(image.id)),
    excluded: images.filter((image) => !isKnown(image)).length,
  }
}

/** The same images as those of the newest snapshot: then no other is made. */
function isWholeSnapshot({ images }: ImportTarget, rows: readonly PlannedRow[]): boolean {
  const members = new Set(images.filter(({ isMember }) => isMember).map(({ id }) => id))
  return rows.length === members.size && rows.every(({ image }) => image.id !== null && members.has(image.id))
}
