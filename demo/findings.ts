import type { ChestAppearance } from './chest-findings.ts'
import type { OctAppearance } from './oct-findings.ts'

/** Appearances with their weights: a finding class shows its neighbours' now and then, as in a real clinic. */
type Mixture<Appearance> = readonly (readonly [Appearance, number])[]

export type DemoFinding = {
  findingClass: string
  /** A multiple of 20, so that 7:2:1 and the halves come out even. */
  patients: number
} & (
  | { modality: 'chest-xray'; appearances: Mixture<ChestAppearance> }
  | { modality: 'oct'; appearances: Mixture<OctAppearance> }
)

/**
 * Names and order are those of the seed system. Lung opacity, viral pneumonia and COVID-19 are three names for
 * shadows that even radiologists mistake for one another; no model can be right more often than the mixture allows.
 */
export const DEMO_FINDINGS: readonly DemoFinding[] = [
  {
    findingClass: 'lung-normal',
    modality: 'chest-xray',
    patients: 600,
    appearances: [
      ['clear', 98],
      ['interstitial', 1],
      ['focal', 1],
    ],
  },
  {
    findingClass: 'lung-covid',
    modality: 'chest-xray',
    patients: 420,
    appearances: [
      ['peripheral', 86],
      ['interstitial', 8],
      ['focal', 4],
      ['clear', 2],
    ],
  },
  {
    findingClass: 'lung-opacity',
    modality: 'chest-xray',
    patients: 560,
    appearances: [
      ['focal', 84],
      ['peripheral', 7],
      ['interstitial', 6],
      ['apical', 1],
      ['clear', 2],
    ],
  },
  {
    findingClass: 'lung-viral-pneumonia',
    modality: 'chest-xray',
    patients: 360,
    appearances: [
      ['interstitial', 84],
      ['peripheral', 8],
      ['focal', 6],
      ['clear', 2],
    ],
  },
  {
    findingClass: 'lung-tuberculosis',
    modality: 'chest-xray',
    patients: 320,
    appearances: [
      ['apical', 96],
      ['focal', 3],
      ['clear', 1],
    ],
  },
  {
    findingClass: 'lung-oct-cnv',
    modality: 'oct',
    patients: 500,
    appearances: [
      ['neovascular', 97],
      ['drusen', 2],
      ['oedema', 1],
    ],
  },
  {
    findingClass: 'lung-oct-dme',
    modality: 'oct',
    patients: 380,
    appearances: [
      ['oedema', 97],
      ['neovascular', 2],
      ['healthy', 1],
    ],
  },
  {
    findingClass: 'lung-oct-drusen',
    modality: 'oct',
    patients: 360,
    appearances: [
      ['drusen', 94],
      ['neovascular', 3],
      ['healthy', 3],
    ],
  },
  {
    findingClass: 'lung-oct-normal',
    modality: 'oct',
    patients: 500,
    appearances: [
      ['healthy', 99],
      ['drusen', 1],
    ],
  },
]
