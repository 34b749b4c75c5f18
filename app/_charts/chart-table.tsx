import { Table } from '@mantine/core'

export type ChartTableData = { columns: readonly string[]; rows: readonly (readonly (string | number)[])[] }

type Props = { table: ChartTableData; caption: string }

/** The numbers behind a chart, shown; the first column names the row. */
export function ChartTable({ table, caption }: Props) {
  return (
    <Table.ScrollContainer minWidth={table.columns.length * 90} role="region" aria-label={caption}>
      <NumbersTable table={table} caption={caption} />
    </Table.ScrollContainer>
  )
}

/** The same without a frame that scrolls, which where nothing is seen would be a stop of the Tab key for nothing. */
export function NumbersTable({ table, caption }: Props) {
  return (
    <Table className="figures">
      <Table.Caption className="visually-hidden">{caption}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          {table.columns.map((column, index) => (
            <Table.Th key={column} scope="col" ta={index === 0 ? 'left' : 'right'}>
              {column}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {table.rows.map((row) => (
          <Table.Tr key={row.join('\u0000')}>
            {row.map((cell, index) =>
              index === 0 ? (
                <Table.Th key={table.columns[index]} scope="row" fw={500}>
                  {cell}
                </Table.Th>
              ) : (
                <Table.Td key={table.columns[index]} ta="right">
                  {cell}
                </Table.Td>
              ),
            )}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

/** The same as CSV (RFC 4180); a cell that a spreadsheet would take for a formula is quoted by an apostrophe. */
export function tableAsText(table: ChartTableData): string {
  const lines = [table.columns, ...table.rows]
  return `${lines.map((line) => line.map(asCell).join(',')).join('\r\n')}\r\n`
}

function asCell(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
