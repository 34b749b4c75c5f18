'use client'

import { Chip, Group, Skeleton } from '@mantine/core'
import dynamic from 'next/dynamic'
import { parseAsArrayOf, parseAsStringLiteral, useQueryState } from 'nuqs'
import { ChartFrame } from '#app/_charts/chart-frame.tsx'
import { classColours } from '#app/_charts/class-colours.ts'
import { formatRatio } from '#app/_format/ratio.ts'
import type { RunCurves } from '#lib/model/evaluation-result/schema.ts'
import { ClassSwatch } from './class-swatch.tsx'
import { useRunClasses } from './run-classes.tsx'

const LONG_NAMES_WRAP = {
  height: 'auto',
  minHeight: 24,
  whiteSpace: 'normal',
  overflowWrap: 'anywhere',
} as const

const RocChart = dynamic(() => import('#app/_charts/roc-chart.tsx'), {
  ssr: false,
  loading: () => <Skeleton h={340} />,
})

/** One curve per class, each of which can be taken away. */
export function RocPanel({ roc, fileName }: { roc: RunCurves['roc']; fileName: string }) {
  const names = useRunClasses()
  const colours = classColours(names)
  const colourOf = (name: string) => colours.get(name) ?? 'var(--chart-neutral)'
  const drawable = roc.filter(({ points }) => points.length > 0)
  const all = drawable.map(({ findingClass }) => findingClass)
  const [chosen, setChosen] = useQueryState('roc', parseAsArrayOf(parseAsStringLiteral(names)))
  const shown = chosen ?? all
  const choose = (next: string[]) => void setChosen(next.length === all.length ? null : next)
  return (
    <ChartFrame
      title="ROC curves"
      description={
        <>
          One class against all others, at every probability threshold. The dashed line is chance.
          <Chip.Group multiple value={shown} onChange={choose}>
            <Group gap={6} mt="xs" role="group" aria-label="Classes with a curve">
              {drawable.map(({ findingClass, auroc }) => (
                <Chip
                  key={findingClass}
                  value={findingClass}
                  size="xs"
                  variant="outline"
                  color="gray"
                  styles={{ label: LONG_NAMES_WRAP }}
                >
                  <ClassSwatch colour={colourOf(findingClass)} /> {findingClass} {formatRatio(auroc)}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
        </>
      }
      fileName={fileName}
      table={{
        columns: ['Finding class', 'AUROC', 'Images'],
        rows: roc.map(({ findingClass, auroc, n }) => [findingClass, formatRatio(auroc), n]),
      }}
    >
      <RocChart
        lines={drawable
          .filter(({ findingClass }) => shown.includes(findingClass))
          .map(({ findingClass, points }) => ({ findingClass, points, colour: colourOf(findingClass) }))}
      />
    </ChartFrame>
  )
}
