import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { askReady, isFault } from '#lib/model/evaluator/evaluator-client.ts'
import type { EvaluatorAddress } from '#lib/model/evaluator/evaluator-request.ts'
import { registerModelVersion } from '#lib/model/registry/register.ts'
import type { Context } from '#lib/platform/context.ts'
import type { ObjectStore } from '#lib/platform/object-store/object-store.ts'
import type { DemoDeeds } from './history.ts'

const MODELS = path.join(import.meta.dirname, '..', '..', '..', 'demo', 'models')
/** The second is to be the newest: unnamed evaluations and single predictions use that. */
const VERSIONS = ['v1', 'v2']
/** At a start the evaluator comes up beside us. */
const EVALUATOR_START_MS = 30_000
const LOOK_MS = 200

/** Registers the shipped versions that the demo has not registered yet; the ids of all, also of those archived since. */
export async function registerDemoVersions(
  contextNow: () => Context,
  parts: { objectStore: ObjectStore; evaluators: readonly EvaluatorAddress[] },
  known: DemoDeeds['versions'],
  signal: AbortSignal,
): Promise<string[]> {
  const ids: string[] = []
  for (const version of VERSIONS) {
    const onnx = await readFile(path.join(MODELS, version, 'model.onnx'))
    const knownId = known.get(createHash('sha256').update(onnx).digest('hex'))
    if (knownId === undefined) {
      await becomesReady(parts.evaluators, signal)
      const card: unknown = JSON.parse(await readFile(path.join(MODELS, version, 'model.json'), 'utf8'))
      ids.push((await registerModelVersion(contextNow(), parts, { onnx, card })).id)
    } else ids.push(knownId)
  }
  return ids
}

/** Waits for one evaluator; returns also when none came, since registering then says why. */
async function becomesReady(evaluators: readonly EvaluatorAddress[], signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + EVALUATOR_START_MS
  while (performance.now() < deadline) {
    const replies = await Promise.all(evaluators.map((evaluator) => askReady(evaluator, signal)))
    if (replies.some((reply) => !isFault(reply))) return
    await sleep(LOOK_MS, undefined, { signal })
  }
}
