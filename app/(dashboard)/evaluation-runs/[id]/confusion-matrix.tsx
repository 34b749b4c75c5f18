'use client'

import { Grid, SegmentedControl } from '@mantine/core'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { CELL_LINK, ConfusionGrid, type GridRow, ShadeScale } from '#app/_charts/confusion-grid.tsx'
import { confusionShade } from '#app/_charts/confusion-shade.ts'
import { formatCount, formatRatio } from '#app/_format/ratio.ts'
import { Panel } from '#app/_shell/panel.tsx'
import { type ConfusionCell, type ConfusionRow, confusionRows } from './confusion-rows.ts'
import { FrequentConfusions } from './frequent-confusions.tsx'
import { ImagesLink } from './images-link.tsx'

const VIEWS = ['images', 'share'] as const
type View = (typeof VIEWS)[number]

/** What was taken for what; every cell leads to its images. */
export function ConfusionMatrix(props: { confusion: { classes: string[]; counts: number[][] } }) {
  const [view, setView] = useQueryState('matrix', parseAsStringLiteral(VIEWS).withDefault('images'))
  const rows = confusionRows(props.confusion)
  return (
    <Panel
      title="Confusion matrix"
      description="Rows: reference class. Columns: predicted class. Select a cell to see its images."
      actions={
        <SegmentedControl
          size="xs"
          value={view}
          onChange={(value) => void setView(value as View)}
          data={[
            { value: 'images', label: 'Images' },
            { value: 'share', label: 'Share of row' },
          ]}
          aria-label="Confusion matrix: what the cells show"
        />
      }
    >
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, lg: 'content' }} style={{ minWidth: 0, maxWidth: '100%' }}>
          <ConfusionGrid label="Confusion matrix" rows={gridRows(rows, view)} />
          <ShadeScale right="Correct: few to all of the row" wrong="Incorrect: few to all of the row" />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 'auto' }} style={{ minWidth: 260 }}>
          <FrequentConfusions rows={rows} />
        </Grid.Col>
      </Grid>
    </Panel>
  )
}

function gridRows(rows: readonly ConfusionRow[], view: View): GridRow[] {
  return rows.map((row) => ({
    ...row,
    cells: row.cells.map((cell) => ({
      ...cell,
      shade: confusionShade(cell.shareRatio, cell.isRight),
      content: <CellContent row={row} cell={cell} view={view} />,
    })),
  }))
}

function CellContent({ row, cell, view }: { row: ConfusionRow; cell: ConfusionCell; view: View }) {
  const { count, shareRatio, predictedClass } = cell
  const shown = view === 'images' ? formatCount(count) : formatRatio(shareRatio, 0)
  if (count === 0) return shown
  return (
    <ImagesLink
      filter={{ referenceClass: row.referenceClass, predictedClass }}
      className={CELL_LINK}
      label={`${formatCount(count)} of ${formatCount(row.n)} images of ${row.referenceClass}, ${formatRatio(shareRatio)}, predicted as ${predictedClass}: show them`}
    >
      {shown}
    </ImagesLink>
  )
}
