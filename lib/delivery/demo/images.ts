import type { DatasetSources } from '#lib/data/dataset-source/sources.ts'
import type { Context } from '#lib/platform/context.ts'
import { demoFolder } from '#lib/platform/env/demo-folder.ts'
import type { Service } from '#lib/platform/service/service.ts'
import { countImages, planDatasets } from '../../../demo/make-dataset.ts'
import { DATASET_NAMES, type DatasetName } from '../../../demo/split.ts'
import { drawImages } from './draw-images.ts'
import type { DemoDeeds } from './history.ts'
import { registerDemoDataset } from './register-dataset.ts'

/** The one with which the shipped versions' images were drawn. */
const SEED = 1

/** Draws the demo's images and registers them as datasets, counting what is drawn of all. */
export class DemoImages {
  readonly #service: Service
  readonly #sources: DatasetSources
  readonly #registered: DemoDeeds['datasets']
  readonly #counts: ReadonlyMap<DatasetName, number>
  #drawn = 0

  constructor(service: Service, sources: DatasetSources, registered: DemoDeeds['datasets']) {
    this.#service = service
    this.#sources = sources
    this.#registered = registered
    const { split } = planDatasets(SEED)
    this.#counts = new Map(DATASET_NAMES.map((name) => [name, countImages(split[name])]))
  }

  /** Those of the datasets that were never registered; `tell` gets sentences for people. */
  async provide(
    names: readonly DatasetName[],
    options: {
      contextNow: () => Context
      priority: number
      signal: AbortSignal
      tell: (detail: string) => void
    },
  ): Promise<void> {
    const missing = names.filter((name) => !this.#registered.has(name))
    const folder = demoFolder(this.#service.settings.dataDir)
    this.#drawn += this.#count(names.filter((name) => this.#registered.has(name)))
    const order = { folder, seed: SEED, names: missing, priority: options.priority }
    if (missing.length > 0)
      await drawImages(order, options.signal, (images) => options.tell(this.#progress(this.#drawn + images)))
    this.#drawn += this.#count(missing)
    for (const name of missing) {
      const isOurs = await registerDemoDataset(options.contextNow(), this.#sources, { name, folder })
      if (!isOurs)
        this.#service.logger.info({ dataset: name }, 'the demo leaves out a dataset: its name is taken')
    }
  }

  #progress(drawn: number): string {
    const [some, all] = [drawn, this.#count(DATASET_NAMES)].map((count) => count.toLocaleString('en'))
    return `${some} of ${all}`
  }

  #count(names: readonly DatasetName[]): number {
    return names.reduce((sum, name) => sum + (this.#counts.get(name) ?? 0), 0)
  }
}
