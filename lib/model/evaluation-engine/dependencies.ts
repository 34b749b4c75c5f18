import type { Logger } from 'pino'
import type { Database } from '#db/client.ts'
import type { DatasetSources } from '#lib/data/dataset-source/sources.ts'
import type { EvaluatorAddress } from '#lib/model/evaluator/evaluator-request.ts'
import type { EvaluatorSlots } from '#lib/model/evaluator/evaluator-slots.ts'

/** What executing runs needs. One per process: the slots must be shared by all runs that it executes. */
export type EvaluationDependencies = {
  db: Database
  /** A connection of its own: heartbeats must not queue behind a pool that is in use. */
  heartbeatDb: Database
  sources: DatasetSources
  evaluators: readonly EvaluatorAddress[]
  slots: EvaluatorSlots
  /** Names this process in the run's row. */
  owner: string
  now: () => Date
  random: () => number
  logger: Pick<Logger, 'info' | 'warn' | 'error'>
}
