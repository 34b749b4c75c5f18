import type { Service } from '#lib/platform/service/service.ts'
import { readDemoMilestones } from './history.ts'

export type DemoStep = 'images' | 'model-versions' | 'evaluation-runs'

/** For the pages: whether the installation shows demo data, and how far its making is. `detail` is a sentence or so. */
export type DemoState =
  | { state: 'off' | 'ready' }
  | { state: 'preparing'; step: DemoStep; detail: string }
  /** What was tried last did not work; it is tried again until it does. */
  | { state: 'failed'; step: DemoStep; detail: string }

/** The bundler and plain Node load this module once each; the pages read what the background task says. */
const holder = globalThis as { secondReaderDemo?: DemoState }

export function setDemoState(state: DemoState): void {
  holder.secondReaderDemo = state
}

/** What the background task said last; before its first word, what the database says. */
export async function getDemoState(service: Pick<Service, 'db' | 'settings'>): Promise<DemoState> {
  if (service.settings.demo !== 'on') return { state: 'off' }
  if (holder.secondReaderDemo !== undefined) return holder.secondReaderDemo
  const { begin, complete } = await readDemoMilestones(service.db)
  if (complete) return { state: 'ready' }
  return begin ? { state: 'preparing', step: 'images', detail: 'about to begin' } : { state: 'off' }
}
