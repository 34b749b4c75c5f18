import type { TriedImage } from '#lib/model/prediction/schema.ts'

/** A version that can predict. */
export type PredictingVersion = {
  id: string
  label: string
  findingClasses: number
  input: { width: number; height: number; channels: number }
}

/** An image of a dataset that the address names. */
export type DatasetImage = { id: number; name: string; dataset: string; findingClass: string }

/** An image that the user wants to see predicted. */
export type Trial = { file: File; from: DatasetImage | null }

export type Shown = { trial: Trial; version: PredictingVersion; reply: TriedImage }

/** Which pages this person may go on to. */
export type Links = { openVersion: boolean; openRun: boolean; evaluate: boolean }

/** Why there is no prediction, and what to do. */
export type Setback = {
  title: string
  reason: string
  remedy: string
  /** Still chosen, so that it can be tried again; null where that cannot help. */
  again: Trial | null
  /** Nothing is wrong: the user cancelled. */
  cancelled?: boolean
}
