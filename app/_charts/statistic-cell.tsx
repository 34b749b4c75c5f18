import { TableTd, Text } from '@mantine/core'
import { formatRatio, formatRatioInterval } from '#app/_format/ratio.ts'

/** A ratio in a table, with its interval below where it has one. */
export function StatisticCell(props: {
  value: number | null | undefined
  interval?: { low: number | null; high: number | null } | undefined
}) {
  const { value, interval } = props
  const isDefined = value !== null && value !== undefined
  return (
    <TableTd ta="right">
      {formatRatio(value)}
      {isDefined && interval !== undefined && (
        <Text size="xs" c="dimmed">
          {formatRatioInterval(interval)}
        </Text>
      )}
    </TableTd>
  )
}
