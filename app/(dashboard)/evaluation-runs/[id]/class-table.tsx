'use client'

import { Badge, Group, Table, UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react'
import { parseAsStringLiteral, useQueryStates } from 'nuqs'
import { classColours } from '#app/_charts/class-colours.ts'
import { StatisticCell } from '#app/_charts/statistic-cell.tsx'
import { formatCount } from '#app/_format/ratio.ts'
import { Panel } from '#app/_shell/panel.tsx'
import type { FindingClassIntervals, FindingClassMetrics } from '#lib/statistics/schema.ts'
import { CLASS_COLUMNS, type ClassColumn, sortClasses } from './class-order.ts'
import { ClassSwatch } from './class-swatch.tsx'
import { ImagesLink } from './images-link.tsx'

const HEADINGS: Readonly<Record<ClassColumn, { title: string; says: string }>> = {
  findingClass: { title: 'Finding class', says: '' },
  n: { title: 'Images', says: 'Images with this reference class' },
  accuracy: { title: 'Sensitivity', says: 'Share of this class’s images detected (true-positive rate)' },
  specificity: {
    title: 'Specificity',
    says: 'Share of other images not predicted as this class (true-negative rate)',
  },
  ppv: {
    title: 'PPV',
    says: 'Share of this class’s predictions that are correct; depends on class prevalence',
  },
  npv: { title: 'NPV', says: 'Share of other predictions that are correct; depends on class prevalence' },
  f1: { title: 'F1', says: 'Harmonic mean of sensitivity and PPV' },
  auroc: { title: 'AUROC', says: 'How well its probability separates it from the rest; 50% is chance' },
}
const FIGURES = ['accuracy', 'specificity', 'ppv', 'npv', 'f1', 'auroc'] as const

/** Every class with its numbers and intervals, the weakest one marked. */
export function ClassTable(props: {
  rows: FindingClassMetrics[]
  intervals: Record<string, FindingClassIntervals>
  weakest: string | null
}) {
  const [order, setOrder] = useQueryStates({
    by: parseAsStringLiteral(CLASS_COLUMNS),
    way: parseAsStringLiteral(['asc', 'desc'] as const).withDefault('asc'),
  })
  const { by, way } = order
  const rows = by === null ? props.rows : sortClasses(props.rows, { column: by, descending: way === 'desc' })
  const colours = classColours(props.rows.map(({ findingClass }) => findingClass))
  return (
    <Panel
      title="Finding classes"
      description="One class against all others, with 95% CIs. Select a class to see its images."
    >
      <Table.ScrollContainer minWidth={860} tabIndex={0} role="region" aria-label="Finding classes">
        <Table className="figures" stickyHeader>
          <Table.Thead>
            <Table.Tr>
              {CLASS_COLUMNS.map((column) => (
                <Heading
                  key={column}
                  column={column}
                  sorted={by === column ? way : null}
                  onSort={() => void setOrder(nextOrder(column, by, way))}
                />
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.findingClass}>
                <Table.Th scope="row" fw={500}>
                  <Group gap={8} wrap="nowrap">
                    <ClassSwatch colour={colours.get(row.findingClass)} />
                    {row.n === 0 ? (
                      <span>{row.findingClass}</span>
                    ) : (
                      <ImagesLink filter={{ referenceClass: row.findingClass }}>
                        {row.findingClass}
                      </ImagesLink>
                    )}
                    {row.findingClass === props.weakest && (
                      <Badge
                        color="orange"
                        variant="light"
                        tt="none"
                        size="sm"
                        autoContrast
                        style={{ flex: 'none' }}
                      >
                        weakest
                      </Badge>
                    )}
                  </Group>
                </Table.Th>
                <Table.Td ta="right">{formatCount(row.n)}</Table.Td>
                {FIGURES.map((figure) => (
                  <StatisticCell
                    key={figure}
                    value={row[figure]}
                    interval={props.intervals[row.findingClass]?.[figure]}
                  />
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Panel>
  )
}

/** Numbers begin with the worst on top; a third press gives the model's own order back. */
function nextOrder(column: ClassColumn, by: ClassColumn | null, way: 'asc' | 'desc') {
  if (by !== column) return { by: column, way: 'asc' as const }
  return way === 'asc' ? { by: column, way: 'desc' as const } : { by: null, way: null }
}

function Heading(props: { column: ClassColumn; sorted: 'asc' | 'desc' | null; onSort: () => void }) {
  const { title, says } = HEADINGS[props.column]
  const isName = props.column === 'findingClass'
  const Icon = props.sorted === null ? IconArrowsSort : props.sorted === 'asc' ? IconArrowUp : IconArrowDown
  return (
    <Table.Th
      scope="col"
      ta={isName ? 'left' : 'right'}
      aria-sort={props.sorted === null ? 'none' : props.sorted === 'asc' ? 'ascending' : 'descending'}
    >
      <UnstyledButton onClick={props.onSort} fw={600} fz="sm" title={says}>
        <Group gap={4} wrap="nowrap" justify={isName ? 'flex-start' : 'flex-end'}>
          {title}
          <Icon size={13} aria-hidden />
        </Group>
        {says !== '' && <span className="visually-hidden">: {says}</span>}
      </UnstyledButton>
    </Table.Th>
  )
}
