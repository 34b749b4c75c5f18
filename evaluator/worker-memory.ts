/** A session takes up to thrice its file while it is made (measured up to 3.1 times), and the file is read and checked. */
const MEGABYTES_PER_MODEL_MEGABYTE = 4
/** The runtimes themselves, and the pixels of an image. */
const OTHER_MEGABYTES = 512
/** The largest image takes 1,300 (interlaced, measured), beside the models that a process keeps. */
const LEAST_MEGABYTES = 2048
/** Of a process that has little more than `OTHER_MEGABYTES`: models of few megabytes have always fitted. */
const LEAST_MODEL_SHARE = 1 / 16

export interface WorkerMemory {
  memoryMegabytes: number
  modelLimitMegabytes: number
  /** What the operator should know where the stated memory is too little for the stated limit; else null. */
  shortage: string | null
}

/** What one inference process may hold, and the largest model that fits. Too little memory lowers the model limit. */
export function planWorkerMemory(statedModelLimit: number, statedMemory: number | undefined): WorkerMemory {
  const needed = neededMegabytes(statedModelLimit)
  const memoryMegabytes = statedMemory ?? needed
  if (memoryMegabytes >= needed)
    return { memoryMegabytes, modelLimitMegabytes: statedModelLimit, shortage: null }
  const modelLimitMegabytes = Math.min(statedModelLimit, largestModel(memoryMegabytes))
  const images = memoryMegabytes < LEAST_MEGABYTES ? ', and may fail on the largest images' : ''
  const shortage =
    `takes models of at most ${modelLimitMegabytes} MB${images}: ` +
    `EVALUATOR_WORKER_MEMORY_MB is ${memoryMegabytes}, and models of ${statedModelLimit} MB (EVALUATOR_MODEL_LIMIT_MB) need ${needed}`
  return { memoryMegabytes, modelLimitMegabytes, shortage }
}

/** So that every image and every model within the limits fits. */
function neededMegabytes(modelLimit: number): number {
  return Math.max(LEAST_MEGABYTES, Math.ceil(MEGABYTES_PER_MODEL_MEGABYTE * modelLimit) + OTHER_MEGABYTES)
}

function largestModel(memory: number): number {
  const beside = (memory - OTHER_MEGABYTES) / MEGABYTES_PER_MODEL_MEGABYTE
  return Math.floor(Math.max(beside, memory * LEAST_MODEL_SHARE))
}
