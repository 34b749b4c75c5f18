/** Background and text of one step of the scale in one scheme; the text stands on it at 4.5 : 1 or more. */
export type Shade = { background: string; text: string }
export type ShadeStep = { light: Shade; dark: Shade }

/** Upper ends of the steps, each belonging to its step. Right answers differ near 1, mistakes near 0. */
export const RIGHT_STEPS = [0.5, 0.7, 0.85, 0.95, 1] as const
export const WRONG_STEPS = [0.02, 0.05, 0.1, 0.25, 1] as const

const DARK_ON_RIGHT = '#06281f'
const DARK_ON_WRONG = '#331400'

export const RIGHT_SHADES: readonly ShadeStep[] = [
  step(['#e6f5f0', DARK_ON_RIGHT], ['#15302a', '#e6fff7']),
  step(['#c3e6da', DARK_ON_RIGHT], ['#17443a', '#e6fff7']),
  step(['#94d1be', DARK_ON_RIGHT], ['#195a4b', '#e6fff7']),
  step(['#54b299', DARK_ON_RIGHT], ['#1b705d', '#f2fffb']),
  step(['#00755c', '#ffffff'], ['#4fd1ae', '#04211a']),
]

export const WRONG_SHADES: readonly ShadeStep[] = [
  step(['#fdf0e6', DARK_ON_WRONG], ['#35241a', '#fff1e6']),
  step(['#fbdcc4', DARK_ON_WRONG], ['#52331d', '#fff1e6']),
  step(['#f7bf96', DARK_ON_WRONG], ['#70421f', '#fff1e6']),
  step(['#ec995f', DARK_ON_WRONG], ['#8f5020', '#fff6ee']),
  step(['#a84300', '#ffffff'], ['#ffa869', '#2b1200']),
]

/** Nothing there: no colour at all. */
export const NO_SHADE: ShadeStep = step(['transparent', '#5c636a'], ['transparent', '#a6a7ab'])

/** How a cell of the confusion matrix is coloured, by its share of the reference class. */
export function confusionShade(shareRatio: number | null, isRight: boolean): ShadeStep {
  if (shareRatio === null || shareRatio <= 0) return NO_SHADE
  const ends: readonly number[] = isRight ? RIGHT_STEPS : WRONG_STEPS
  const found = ends.findIndex((end) => shareRatio <= end)
  return (isRight ? RIGHT_SHADES : WRONG_SHADES)[found] ?? NO_SHADE
}

function step(light: [string, string], dark: [string, string]): ShadeStep {
  return {
    light: { background: light[0], text: light[1] },
    dark: { background: dark[0], text: dark[1] },
  }
}
