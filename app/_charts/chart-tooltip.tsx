import { Paper, Text } from '@mantine/core'

/** What hovers over a chart: a title and some lines of figures. */
export function ChartTooltip({ title, lines }: { title: string; lines: readonly string[] }) {
  return (
    <Paper withBorder shadow="sm" px="sm" py={6}>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      {lines.map((line) => (
        <Text key={line} size="xs" className="figures">
          {line}
        </Text>
      ))}
    </Paper>
  )
}
