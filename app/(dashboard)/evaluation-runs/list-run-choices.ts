import { listDatasets } from '#lib/data/dataset/queries.ts'
import { listModelVersions } from '#lib/model/registry/queries.ts'
import type { Context } from '#lib/platform/context.ts'

/** More than a person scrolls through in a list; beyond it names are typed in the search. */
const MOST_CHOICES = 500

export type RunChoices = {
  versions: { id: string; label: string; findingClasses: string[]; imported: boolean }[]
  datasets: { name: string; images: number; findingClasses: string[] }[]
}

/** The model versions (newest first) and datasets that an evaluation can be of. */
export async function listRunChoices(context: Context): Promise<RunChoices> {
  const versions = await listModelVersions(context, { after: null, take: MOST_CHOICES })
  const datasets = await listDatasets(context, { after: null, take: MOST_CHOICES })
  return {
    versions: versions.map(({ id, label, findingClasses, sha256 }) => ({
      id,
      label,
      findingClasses,
      imported: sha256 === null,
    })),
    datasets: datasets.map(({ name, images, findingClasses }) => ({
      name,
      images,
      findingClasses: findingClasses.map(({ findingClass }) => findingClass),
    })),
  }
}
