import { randomUUID } from 'node:crypto'
import { type Context, taskActor } from '#lib/platform/context.ts'
import type { EvaluationDependencies } from './dependencies.ts'

/** The context of what the loop does by itself, at this moment. */
export function taskContext({ db, now }: Pick<EvaluationDependencies, 'db' | 'now'>): Context {
  return { db, actor: taskActor('evaluation-loop'), now: now(), requestId: randomUUID() }
}
