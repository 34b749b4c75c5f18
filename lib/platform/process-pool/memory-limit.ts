import { writeSync } from 'node:fs'

/** Written to stderr by a child that ends itself; the parent tells a lack of memory from a crash by it. */
export const MEMORY_LIMIT_NOTICE = 'worker: memory limit reached'

/** How JavaScript, the image decoder and the inference runtime say that they were given no memory. */
const FAILED_ALLOCATION =
  /out of memory|bad_alloc|bad allocation|allocation failed|(?:failed|unable) to allocate|cannot allocate/i

/** Whether an error says that memory was refused. Such an error tells nothing of the input. */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && FAILED_ALLOCATION.test(error.message)
}

/** Ends this child. What a failed allocation leaves behind cannot be trusted, and a new child begins with little. */
export function endForMemory(): never {
  writeSync(2, `${MEMORY_LIMIT_NOTICE}\n`)
  process.kill(process.pid, 'SIGKILL')
  throw new Error(MEMORY_LIMIT_NOTICE) // never reached: the signal cannot be caught
}
