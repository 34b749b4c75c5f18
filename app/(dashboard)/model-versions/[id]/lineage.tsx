import { Stack, Text } from '@mantine/core'
import { UNDEFINED_NUMBER } from '#app/_format/ratio.ts'
import { Facts } from '#app/_shell/facts.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import type { ModelVersionView } from '#lib/model/registry/schema.ts'

/** Model card of where the version comes from. */
export function Lineage({ lineage }: { lineage: ModelVersionView['lineage'] }) {
  const { parent = null, trainingRun = null, snapshots = [], codeVersion = null } = lineage ?? {}
  const isEmpty = parent === null && trainingRun === null && snapshots.length === 0 && codeVersion === null
  return (
    <Panel title="Lineage" description="Origin of the version, from its model card.">
      {isEmpty ? (
        <Text size="sm" c="dimmed">
          The model card has no lineage.
        </Text>
      ) : (
        <Facts
          facts={[
            ['Parent', parent ?? UNDEFINED_NUMBER],
            ['Training run', trainingRun ?? UNDEFINED_NUMBER],
            [
              'Trained on',
              snapshots.length === 0 ? (
                UNDEFINED_NUMBER
              ) : (
                <Stack key="snapshots" gap={0}>
                  {snapshots.map((snapshot) => (
                    <span key={snapshot}>{snapshot}</span>
                  ))}
                </Stack>
              ),
            ],
            ['Code', codeVersion ?? UNDEFINED_NUMBER],
          ]}
        />
      )}
    </Panel>
  )
}
