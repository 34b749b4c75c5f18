import { randomUUID } from 'node:crypto'
import { constants } from 'node:os'
import { sourcesOf } from '#lib/data/dataset-source/service-sources.ts'
import { evaluatorAddresses } from '#lib/model/evaluator/evaluator-addresses.ts'
import type { Context } from '#lib/platform/context.ts'
import type { Service } from '#lib/platform/service/service.ts'
import type { DatasetName } from '../../../demo/split.ts'
import { createDemoRuns } from './create-runs.ts'
import { DEMO_ACTOR, readDemoDeeds, recordDemoMilestone } from './history.ts'
import { DemoImages } from './images.ts'
import { registerDemoVersions } from './register-versions.ts'
import type { DemoStep } from './state.ts'

const EVALUATED: DatasetName = 'final_eval'
const LATER: readonly DatasetName[] = ['test', 'val', 'train']
/** The operator waits for the first dataset: a third of a core that others want. The rest takes a tenth of it. */
const FIRST_PRIORITY = 5
const LATER_PRIORITY = constants.priority.PRIORITY_BELOW_NORMAL

/** What went wrong, and at what. */
export class DemoFault extends Error {
  readonly step: DemoStep

  constructor(step: DemoStep, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.step = step
  }
}

export function demoContext({ db }: Pick<Service, 'db'>): Context {
  return { db, actor: DEMO_ACTOR, now: new Date(), requestId: randomUUID() }
}

/**
 * Makes what of the demo was never made: images, datasets, the shipped model versions, a run of each. Can be cut off
 * at any point and called again. The dataset that is evaluated comes first; the others are drawn behind its runs.
 */
export async function prepareDemo(
  service: Service,
  signal: AbortSignal,
  tell: (step: DemoStep, detail: string) => void,
): Promise<void> {
  const { objectStore, settings } = service
  const sources = sourcesOf(service)
  const contextNow = () => demoContext(service)
  const { datasets, versions, evaluated } = await readDemoDeeds(service.db)
  const images = new DemoImages(service, sources, datasets)
  const provide = (names: readonly DatasetName[], priority: number) =>
    during(
      'images',
      images.provide(names, { contextNow, priority, signal, tell: (detail) => tell('images', detail) }),
    )

  const first = provide([EVALUATED], FIRST_PRIORITY)
  const registry = { objectStore, evaluators: evaluatorAddresses(settings) }
  const registered = during('model-versions', registerDemoVersions(contextNow, registry, versions, signal))
  const runs = Promise.all([first, registered]).then(([, versionIds]) => {
    const input = { dataset: EVALUATED, versionIds, evaluated }
    return during('evaluation-runs', createDemoRuns(contextNow(), sources, input))
  })
  const later = first.then(() => provide(LATER, LATER_PRIORITY))
  for (const outcome of await Promise.allSettled([runs, later]))
    if (outcome.status === 'rejected') throw outcome.reason
  await recordDemoMilestone(contextNow(), 'complete')
}

async function during<Result>(step: DemoStep, work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (error) {
    throw new DemoFault(step, error)
  }
}
