import { readFileSync } from 'node:fs'
import { inferImage } from '#evaluator/infer-image.ts'
import { SessionCache } from '#evaluator/onnx-session.ts'
import type { LoadableModel } from '#evaluator/worker-tasks.ts'

/** Forked by `bound.ts`: its share of the images through the evaluator's own code, from memory, and nothing else. */
export type BoundTask = { model: LoadableModel; files: string[] }
export type BoundShare = { seconds: number; cpuSeconds: number }

const task = JSON.parse(process.argv[2] ?? '') as BoundTask
const images = task.files.map((file) => readFileSync(file))
const sessions = new SessionCache('cpu')

async function infer(image: Buffer): Promise<void> {
  const result = await inferImage(image, task.model, sessions, async () => {})
  if (result.status === 'error') throw new Error(`${result.code}: ${result.message}`)
}

for (const image of images.slice(0, 3)) await infer(image)
process.once('message', async () => {
  const started = performance.now()
  const cpuStarted = process.cpuUsage()
  for (const image of images) await infer(image)
  const { user, system } = process.cpuUsage(cpuStarted)
  const spent: BoundShare = {
    seconds: (performance.now() - started) / 1000,
    cpuSeconds: (user + system) / 1e6,
  }
  process.send?.(spent)
  process.disconnect()
})
process.send?.('ready')
