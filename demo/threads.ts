import { Worker } from 'node:worker_threads'
import type { DrawOrder, DrawTask } from './draw-worker.ts'
import type { DatasetName } from './split.ts'

/** Shares the images among threads; `onDrawn` hears of each. When one thread fails, the others stop. */
export async function drawInThreads(
  tasks: readonly DrawTask[],
  options: { seed: number; threads: number; onDrawn: (dataset: DatasetName) => void },
): Promise<void> {
  const workers = Array.from({ length: options.threads }, (_, thread) =>
    startWorker({
      seed: options.seed,
      tasks: tasks.filter((_task, index) => index % options.threads === thread),
    }),
  )
  try {
    await Promise.all(workers.map((worker) => finished(worker, options.onDrawn)))
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

function startWorker(order: DrawOrder): Worker {
  return new Worker(new URL('./draw-worker.ts', import.meta.url), { workerData: order })
}

/** What a thread says comes before its end. */
function finished(worker: Worker, onDrawn: (dataset: DatasetName) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.on('message', (dataset) => {
      try {
        onDrawn(dataset)
      } catch (error) {
        reject(error)
      }
    })
    worker.once('error', reject)
    worker.once('exit', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`a thread that draws demo images ended with code ${code}`))
    })
  })
}
