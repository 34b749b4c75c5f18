import { Group, Text } from '@mantine/core'
import type { CSSProperties, ReactNode } from 'react'
import { formatCount } from '#app/_format/ratio.ts'
import classes from './confusion-grid.module.css'
import { RIGHT_SHADES, type ShadeStep, WRONG_SHADES } from './confusion-shade.ts'

export type GridCell = { predictedClass: string; isRight: boolean; shade: ShadeStep; content: ReactNode }
export type GridRow = { referenceClass: string; n: number; cells: readonly GridCell[] }

/** Reference classes by predicted classes, each cell on its shade; scrolls by itself where it is wide. */
export function ConfusionGrid({ label, rows }: { label: string; rows: readonly GridRow[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className={classes.scroll} tabIndex={0} aria-label={label}>
      <table className={`${classes.matrix} figures`}>
        <thead>
          <tr>
            <th scope="col" className={classes.corner}>
              Reference ↓ Predicted →
            </th>
            {rows.map(({ referenceClass }) => (
              <th key={referenceClass} scope="col" className={classes.predicted}>
                <span title={referenceClass}>{referenceClass}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.referenceClass}>
              <th scope="row" className={classes.reference}>
                {row.referenceClass}
                <Text span size="xs" c="dimmed">
                  {' '}
                  n = {formatCount(row.n)}
                </Text>
              </th>
              {row.cells.map(({ predictedClass, isRight, shade, content }) => (
                <td
                  key={predictedClass}
                  className={classes.cell}
                  data-right={isRight}
                  style={shadeVariables(shade)}
                >
                  {content}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** A link that fills its cell. */
export const CELL_LINK = classes.link ?? ''

/** What the shades mean. */
export function ShadeScale({ right, wrong }: { right: string; wrong: string }) {
  return (
    <Group gap="lg" mt="xs" aria-hidden="true">
      {[
        { name: right, shades: RIGHT_SHADES },
        { name: wrong, shades: WRONG_SHADES },
      ].map(({ name, shades }) => (
        <Group key={name} gap={6}>
          <Group gap={1}>
            {shades.map((shade) => (
              <span key={shade.light.background} className={classes.scale} style={shadeVariables(shade)} />
            ))}
          </Group>
          <Text size="xs" c="dimmed">
            {name}
          </Text>
        </Group>
      ))}
    </Group>
  )
}

function shadeVariables({ light, dark }: ShadeStep): CSSProperties {
  return {
    '--cell-light': light.background,
    '--cell-dark': dark.background,
    '--text-light': light.text,
    '--text-dark': dark.text,
  } as CSSProperties
}
