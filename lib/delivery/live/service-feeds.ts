import { checkDependencies } from '#lib/delivery/health/check-dependencies.ts'
import { checkEvaluators } from '#lib/delivery/health/check-evaluators.ts'
import { evaluatorAddresses } from '#lib/model/evaluator/evaluator-addresses.ts'
import type { Service } from '#lib/platform/service/service.ts'
import { type Feeds, openFeeds } from './feeds.ts'

/** One for each database of a process, however many bundles of it load this module. */
const holder = globalThis as { secondReaderFeeds?: WeakMap<object, Feeds> }

export function feedsOf({ db, databaseProbe, objectStore, settings }: Service): Feeds {
  holder.secondReaderFeeds ??= new WeakMap()
  const feeds =
    holder.secondReaderFeeds.get(db) ??
    openFeeds({
      db,
      checkHealth: () =>
        checkDependencies({
          databaseProbe,
          objectStore,
          askEvaluator: (signal) => checkEvaluators(evaluatorAddresses(settings), signal),
        }),
    })
  holder.secondReaderFeeds.set(db, feeds)
  return feeds
}
