import { ConfusionGrid, ShadeScale } from '#app/_charts/confusion-grid.tsx'
import { confusionShade, NO_SHADE } from '#app/_charts/confusion-shade.ts'
import { Panel } from '#app/_shell/panel.tsx'
import type { ConfusionDelta } from '#lib/model/comparison/schema.ts'

/** What is taken for what more often, and less often, than before. */
export function ConfusionChange({ confusion }: { confusion: ConfusionDelta }) {
  const { classes, baseline, candidate, delta } = confusion
  const rows = classes.map((referenceClass, r) => {
    const n = (baseline[r] ?? []).reduce((sum, count) => sum + count, 0)
    const cells = classes.map((predictedClass, p) => {
      const change = delta[r]?.[p] ?? 0
      const isRight = r === p
      const isGood = isRight ? change > 0 : change < 0
      return {
        predictedClass,
        isRight,
        shade: change === 0 ? NO_SHADE : confusionShade(shadeOf(Math.abs(change) / n, isGood), isGood),
        content: (
          <span
            title={`${referenceClass} predicted as ${predictedClass}: ${baseline[r]?.[p] ?? 0} before, ${candidate[r]?.[p] ?? 0} now`}
          >
            {change === 0 ? '0' : change < 0 ? `−${-change}` : `+${change}`}
          </span>
        ),
      }
    })
    return { referenceClass, n, cells }
  })
  return (
    <Panel
      title="Change in the confusion matrix"
      description="Change in the number of images from the baseline. More on the diagonal is better, more off it is worse."
    >
      <ConfusionGrid label="Change of the confusion matrix" rows={rows} />
      <ShadeScale right="Better: few to many of the row" wrong="Worse: few to many of the row" />
    </Panel>
  )
}

/** Changes are small shares of a row: a quarter of it is already the darkest shade. */
function shadeOf(shareRatio: number, isGood: boolean): number {
  return isGood ? Math.min(1, 0.4 + shareRatio * 2.4) : Math.min(1, shareRatio)
}
