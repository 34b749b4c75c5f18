import type { ChestAppearance } from './chest-findings.ts'
import type { DemoFinding } from './findings.ts'
import type { OctAppearance } from './oct-findings.ts'
import { between, childSeed, pickWeighted, type Random, shuffled, whole } from './random.ts'

/** The hospitals that the images pretend to come from; the first part of a file name. */
const SOURCES = ['north', 'south', 'harbour'] as const

export type DemoImage = {
  fileName: string
  severity: number
  seed: number
}

type Person = {
  findingClass: string
  /** As it stands in file names. */
  number: string
  images: DemoImage[]
  seed: number
}

export type DemoPatient = Person &
  ({ modality: 'chest-xray'; appearance: ChestAppearance } | { modality: 'oct'; appearance: OctAppearance })

/** Of 20 patients: how many images each has. 32 images in all. */
const IMAGES_OF_TWENTY = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 4]

/** All patients of the demo's hospitals. Numbers are dealt at random: they must not give the finding away. */
export function makePatients(findings: readonly DemoFinding[], random: Random): DemoPatient[] {
  const count = findings.reduce((sum, finding) => sum + finding.patients, 0)
  const numbers = shuffled(
    random,
    Array.from({ length: count }, (_, index) => String(index + 1).padStart(5, '0')),
  )
  return findings.flatMap((finding) =>
    Array.from({ length: finding.patients }, (_, index) =>
      makePatient(finding, numbers.pop() ?? '', IMAGES_OF_TWENTY[index % 20] ?? 1, random),
    ),
  )
}

function makePatient(finding: DemoFinding, number: string, imageCount: number, random: Random): DemoPatient {
  const { findingClass } = finding
  const source = SOURCES[whole(random, 0, SOURCES.length - 1)]
  // Two uniforms: the middle is common, the extremes are rare.
  const severity = (random() + random()) / 2
  const images = Array.from({ length: imageCount }, (_, index) => ({
    fileName: `${source}-${findingClass}-${number}_${index + 1}.jpg`,
    severity: Math.min(1, Math.max(0, severity + between(random, -0.15, 0.15))),
    seed: childSeed(random),
  }))
  const person: Person = { findingClass, number, images, seed: childSeed(random) }
  return finding.modality === 'oct'
    ? { ...person, modality: finding.modality, appearance: pickWeighted(random, finding.appearances) }
    : { ...person, modality: finding.modality, appearance: pickWeighted(random, finding.appearances) }
}
