import { Table, TableScrollContainer, TableTbody, TableTh, TableThead, TableTr, Text } from '@mantine/core'
import type { ReactNode } from 'react'

export type Column =
  | string
  | {
      title: string
      /** A dimmed line below the title. */
      note?: string
      /** Of numbers, which stand under each other. */
      right?: boolean
      /** Pixels. */
      width?: number
      /** Only for screen readers: what the cells hold says itself. */
      hidden?: boolean
    }

/** A table that scrolls by itself where the page is too narrow for it, also by keyboard; its rows are the children. */
export function DataTable(props: {
  label: string
  /** Pixels below which it scrolls. */
  minWidth: number
  /** Pixels beyond which its rows scroll below their heads. */
  maxHeight?: number
  /** Figures of one width, in every cell. */
  figures?: boolean
  horizontalSpacing?: number
  columns: readonly Column[]
  children: ReactNode
}) {
  const { maxHeight, figures = false, horizontalSpacing } = props
  return (
    <TableScrollContainer
      minWidth={props.minWidth}
      type="native"
      {...(maxHeight === undefined ? {} : { mah: maxHeight })}
      tabIndex={0}
      role="region"
      aria-label={props.label}
    >
      <Table
        stickyHeader={maxHeight !== undefined}
        className={figures ? 'figures' : ''}
        {...(horizontalSpacing === undefined ? {} : { horizontalSpacing })}
      >
        <TableThead>
          <TableTr>
            {props.columns.map((column) => (
              <Heading key={typeof column === 'string' ? column : column.title} column={column} />
            ))}
          </TableTr>
        </TableThead>
        <TableTbody>{props.children}</TableTbody>
      </Table>
    </TableScrollContainer>
  )
}

function Heading({ column }: { column: Column }) {
  if (typeof column === 'string') return <TableTh scope="col">{column}</TableTh>
  const { title, note, right = false, width, hidden = false } = column
  return (
    <TableTh scope="col" ta={right ? 'right' : 'left'} {...(width === undefined ? {} : { w: width })}>
      {hidden ? <span className="visually-hidden">{title}</span> : title}
      {note !== undefined && (
        <Text size="xs" c="dimmed">
          {note}
        </Text>
      )}
    </TableTh>
  )
}
