import { totalmem } from 'node:os'

/** What this process and its children may have: the machine's memory, or the share that its container was given. */
export function machineMemoryBytes(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)
}

/** What the operator should know where the machine is smaller than one process may become; else null. */
export function describeLackOfMemory(workerMemoryBytes: number, machineBytes: number): string | null {
  if (workerMemoryBytes <= machineBytes) return null
  const [needed, has] = [workerMemoryBytes, machineBytes].map((bytes) => Math.floor(bytes / 2 ** 20))
  return (
    `An inference process may need ${needed} MB for a model as large as EVALUATOR_MODEL_LIMIT_MB, ` +
    `and this machine has ${has}: give it more memory, or lower EVALUATOR_MODEL_LIMIT_MB.`
  )
}
