import { setPriority } from 'node:os'
import { drawMissingDatasets } from './make-dataset.ts'
import type { DatasetName } from './split.ts'

/** Draws for a service that has other things to do: at a low priority, and only as long as the service lives. */
export type DrawProcessOrder = { folder: string; seed: number; names: DatasetName[]; priority: number }

export type DrawProcessMessage = { drawn: number } | { failed: { message: string; code?: string } }

/** Images between two reports. */
const REPORT_EVERY = 20

process.on('disconnect', () => process.exit(1))
const order: DrawProcessOrder = JSON.parse(process.argv[2] ?? '')
setPriority(order.priority)
try {
  await drawMissingDatasets(order.folder, order.names, {
    seed: order.seed,
    onDrawn: (drawn) => {
      if (drawn % REPORT_EVERY === 0) void tell({ drawn })
    },
  })
  process.exit(0)
} catch (error) {
  const { message, code } = error as NodeJS.ErrnoException
  await tell({ failed: { message, ...(code === undefined ? {} : { code }) } })
  process.exit(1)
}

function tell(message: DrawProcessMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) resolve()
    else process.send(message, () => resolve())
  })
}
