import { median } from '../median.ts'
import type { Alternation, ExportForm } from './alternation.ts'
import type { ImageKind } from './make-images.ts'

/** What the run must reach on two cores. The ratios are to the peer on the plain export, as the seed system had it. */
const GOALS: Record<ImageKind['name'], Record<ExportForm, number>> = {
  'jpeg-256': { plain: 1.35, folded: 2.2 },
  'png-1024': { plain: 1.5, folded: 2.2 },
}
const GOAL_OF_BOUND = 0.93

const FORMS: ExportForm[] = ['plain', 'folded']

export function printReport(kind: ImageKind['name'], imageCount: number, all: readonly Alternation[]): void {
  const middle = (value: (each: Alternation) => number) => median(all.map(value))
  const row = (name: string, value: (each: Alternation) => number, digits: number, goal?: number) => {
    const each = all.map((one) => value(one).toFixed(digits))
    const aim = goal === undefined ? '' : `  goal ${goal}: ${middle(value) >= goal ? 'reached' : 'missed'}`
    console.log(
      `  ${name.padEnd(44)}${middle(value).toFixed(digits).padStart(7)}  (${each.join(', ')})${aim}`,
    )
  }
  console.log(`\n${kind}: ${imageCount} images, ${all.length} alternations; median (each)`)
  row('others on the machine, share of the cores', ({ busyShare }) => busyShare, 2)
  row("the seed's way, plain export, images/s", ({ seed }) => seed.rate, 1)
  row('  CPU ms an image', ({ seed, imageCount }) => perImage(seed.cpuSeconds, imageCount), 1)
  for (const form of FORMS) {
    row(`run, ${form} export, images/s`, ({ ours }) => ours[form].rate, 1)
    row('  while evaluating', ({ ours }) => ours[form].evaluatingRate, 1)
    row('  bound: decoding and inference alone', ({ bounds }) => bounds[form].rate, 1)
    row("  run / the seed's way", ({ ours, seed }) => ours[form].rate / seed.rate, 2, GOALS[kind][form])
    row('  run / bound', ({ ours, bounds }) => ours[form].rate / bounds[form].rate, 2, GOAL_OF_BOUND)
    row('  while evaluating / bound', ({ ours, bounds }) => ours[form].evaluatingRate / bounds[form].rate, 2)
    row('  seconds scanning', ({ ours }) => ours[form].result.timings.scanningSeconds, 2)
    row('  seconds queued', ({ ours }) => ours[form].result.timings.queuedSeconds, 2)
    for (const name of ['inference', 'evaluator', 'web', 'database'] as const)
      row(
        `  CPU ms an image, ${name}`,
        ({ ours, imageCount }) => perImage(ours[form].result.cpu[name], imageCount),
        1,
      )
    row(
      '  CPU ms an image, bound',
      ({ bounds, imageCount }) => perImage(bounds[form].cpuSeconds, imageCount),
      1,
    )
    row("  CPU of the seed's way / of the run", (each) => each.seed.cpuSeconds / cpuOfRun(each, form), 2)
    row('  CPU of the bound / of the run', (each) => each.bounds[form].cpuSeconds / cpuOfRun(each, form), 2)
  }
}

/**
 * What the ratios would be if every way kept all cores busy all the time: on a machine with other work they say more
 * than those of images per second.
 */
function cpuOfRun({ ours }: Alternation, form: ExportForm): number {
  return Object.values(ours[form].result.cpu).reduce((sum, seconds) => sum + seconds, 0)
}

/** Seconds altogether as milliseconds for each image. */
function perImage(seconds: number, imageCount: number): number {
  return (seconds * 1000) / imageCount
}
