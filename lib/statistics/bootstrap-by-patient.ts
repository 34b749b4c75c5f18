import type { PatientIndex } from './patient-index.ts'

export type BootstrapOptions<T> = Pick<PatientIndex, 'patientIndices' | 'patientCount'> & {
  resamples: number
  /** Uniform in [0, 1); `seededRandom` makes a run repeatable. */
  random: () => number
  /** The statistic of one resample; `weights[i]` says how often image i is in it. The array is reused. */
  statistic: (weights: Int32Array) => T
  /** What the statistic costs per image, counted in numbers that it touches; sets how often to pause. */
  workPerImage?: number
  /** Lets the event loop run (`setImmediate` of node:timers/promises); rejecting stops the bootstrap. */
  pause: () => Promise<unknown>
}

/** Between two pauses: some 10 to 50 ms. */
const WORK_PER_PAUSE = 1_000_000

/**
 * The cluster bootstrap: draws as many patients as there are, with replacement, and takes all images of each
 * drawn patient, because images of one patient resemble each other and resampling single images would make the
 * interval too narrow. Returns the statistic of each resample, in drawing order.
 *
 * Source: Field & Welsh, JRSS B 2007, 69:369; Davison & Hinkley, Bootstrap Methods, 1997, §3.8.
 * Example: patients [0, 0, 1] and the drawing (1, 1) → weights [0, 0, 2]
 */
export async function bootstrapByPatient<T>(options: BootstrapOptions<T>): Promise<T[]> {
  const { patientIndices, patientCount, resamples, random, statistic, workPerImage = 5, pause } = options
  const drawn = new Int32Array(patientCount)
  const weights = new Int32Array(patientIndices.length)
  const results: T[] = []
  let workSincePause = 0
  for (let resample = 0; resample < resamples; resample++) {
    drawn.fill(0)
    for (let draw = 0; draw < patientCount; draw++) {
      const patient = Math.floor(random() * patientCount)
      drawn[patient] = (drawn[patient] as number) + 1
    }
    for (let i = 0; i < weights.length; i++) weights[i] = drawn[patientIndices[i] as number] as number
    results.push(statistic(weights))
    workSincePause += weights.length * workPerImage
    if (workSincePause >= WORK_PER_PAUSE) {
      workSincePause = 0
      await pause()
    }
  }
  return results
}
