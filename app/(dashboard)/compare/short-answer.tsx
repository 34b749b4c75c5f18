import { Badge, Group, List, ListItem, Text } from '@mantine/core'
import { Instant } from '#app/_format/instant.tsx'
import { formatCount } from '#app/_format/ratio.ts'
import { TextLink } from '#app/_shell/links.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import { pageOfEvaluationRun } from '#lib/delivery/search/page-address.ts'
import type { ComparedSide, ModelComparison, Verdict } from '#lib/model/comparison/schema.ts'

const VERDICTS: Readonly<Record<Verdict, { words: string; colour: string }>> = {
  better: { words: 'Better', colour: 'teal' },
  worse: { words: 'Worse', colour: 'red' },
  undecided: { words: 'Undecided', colour: 'gray' },
}

/** The verdict in a sentence, why, and what it stands on. */
export function ShortAnswer({ compared }: { compared: ModelComparison }) {
  const { verdict, headline, reasons, n, patients } = compared
  const { words, colour } = VERDICTS[verdict]
  return (
    <Panel title="Summary">
      <Group gap="sm" align="flex-start" wrap="nowrap" mb="xs">
        <Badge color={colour} variant="light" size="lg" tt="none" style={{ flex: 'none' }}>
          {words}
        </Badge>
        <Text fz="lg" maw="75ch" style={{ overflowWrap: 'anywhere' }}>
          {headline}
        </Text>
      </Group>
      <List size="sm" spacing={4} maw="80ch">
        {reasons.map((reason) => (
          <ListItem key={reason}>{reason}</ListItem>
        ))}
      </List>
      <Text size="sm" c="dimmed" mt="sm" component="div">
        {formatCount(n)} images
        {patients !== null && ` of ${formatCount(patients)} patients`}. Candidate:{' '}
        <Measured side={compared.candidate} />. Baseline: <Measured side={compared.baseline} />.
      </Text>
    </Panel>
  )
}

function Measured({ side }: { side: ComparedSide }) {
  return (
    <>
      <TextLink href={pageOfEvaluationRun(side.evaluationRunId)} size="sm" underline="always">
        {side.label}
      </TextLink>
      , evaluated <Instant at={side.finishedAt} />
    </>
  )
}
