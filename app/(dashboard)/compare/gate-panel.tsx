'use client'

import { Alert, Grid, List, Skeleton, Text } from '@mantine/core'
import { IconCheck, IconX } from '@tabler/icons-react'
import dynamic from 'next/dynamic'
import { Panel } from '#app/_shell/panel.tsx'
import type { ModelComparison } from '#lib/model/comparison/schema.ts'

const RulesForm = dynamic(() => import('./rules-form.tsx'), {
  ssr: false,
  loading: () => <Skeleton h={320} />,
})

/** Whether the candidate would be let through, by rules that can be tried out here. */
export function GatePanel(props: { gate: ModelComparison['gate']; classes: readonly string[] }) {
  const { passes, reasons, notes, rules } = props.gate
  return (
    <Panel
      title="Promotion gate"
      description="Is the candidate good enough, and not meaningfully worse than the baseline? A preview: nothing is promoted."
    >
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Alert
            color={passes ? 'teal' : 'orange'}
            icon={passes ? <IconCheck aria-hidden /> : <IconX aria-hidden />}
            title={passes ? 'Passes' : 'Does not pass'}
          >
            {passes ? (
              <Text size="sm">The candidate meets every rule.</Text>
            ) : (
              <List size="sm" spacing={4}>
                {reasons.map((reason) => (
                  <List.Item key={reason}>{reason}</List.Item>
                ))}
              </List>
            )}
          </Alert>
          {notes.map((note) => (
            <Text key={note} size="sm" mt="xs">
              {note}
            </Text>
          ))}
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }} data-print="no">
          <RulesForm key={JSON.stringify(rules)} rules={rules} classes={props.classes} />
        </Grid.Col>
      </Grid>
    </Panel>
  )
}
