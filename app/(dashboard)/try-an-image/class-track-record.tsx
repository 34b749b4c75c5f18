'use client'

import { Group, List, SimpleGrid, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { IntervalBar } from '#app/_charts/interval-bar.tsx'
import { formatCount, formatRatio, formatRatioInterval } from '#app/_format/ratio.ts'
import { ButtonLink, TextLink } from '#app/_shell/links.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import { pageOfEvaluationRun } from '#lib/delivery/search/page-address.ts'
import type { TriedImage } from '#lib/model/prediction/schema.ts'
import type { Statistic } from '#lib/vocabulary/statistic.ts'
import type { Links, PredictingVersion } from './trial.ts'

const TITLE = 'How reliable is this?'

/** The version's track record for the class that it predicted. */
export function ClassTrackRecord(props: { reply: TriedImage; version: PredictingVersion; may: Links }) {
  const { version, may } = props
  const { knownAboutClass: known, predictedClass } = props.reply
  if (known === null)
    return (
      <Panel title={TITLE}>
        <Stack gap="sm" align="flex-start">
          <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            Unknown: {version.label} has not been evaluated on images of {predictedClass}.
          </Text>
          {may.evaluate && (
            <ButtonLink href={`/evaluation-runs/new?version=${version.id}`} variant="default" size="xs">
              Evaluate it
            </ButtonLink>
          )}
        </Stack>
      </Panel>
    )
  const { sensitivity, ppv, mostConfusedWith, dataset, evaluationRunId } = known
  return (
    <Panel
      title={TITLE}
      description={
        <>
          Results of {version.label} on{' '}
          {may.openRun ? (
            <TextLink href={pageOfEvaluationRun(evaluationRunId)} underline="always">
              {dataset}
            </TextLink>
          ) : (
            dataset
          )}
          , with 95% CIs.
        </>
      }
    >
      <SimpleGrid cols={{ base: 1, md: 3 }} spacing="xl" verticalSpacing="md">
        <Measure name="Sensitivity" statistic={sensitivity}>
          Share of {images(sensitivity.n)} of {predictedClass} that were detected.
        </Measure>
        <Measure name="Positive predictive value" statistic={ppv}>
          Share of {images(ppv.n)} predicted as {predictedClass} that truly were. Depends on the dataset’s
          class prevalence.
        </Measure>
        <div>
          <Text size="sm" fw={600}>
            When it was incorrect
          </Text>
          {mostConfusedWith.length === 0 ? (
            <Text size="sm" c="dimmed">
              Never: no image of another class was predicted as {predictedClass}.
            </Text>
          ) : (
            <List size="sm">
              {mostConfusedWith.map(({ findingClass, count, share }) => (
                <List.Item key={findingClass} style={{ overflowWrap: 'anywhere' }} className="figures">
                  {findingClass}: {formatCount(count)} of {formatCount(ppv.n)} ({formatRatio(share)})
                </List.Item>
              ))}
            </List>
          )}
        </div>
      </SimpleGrid>
    </Panel>
  )
}

function Measure(props: { name: string; statistic: Statistic; children: ReactNode }) {
  const { name, statistic } = props
  return (
    <div>
      <Group justify="space-between" align="baseline" gap="xs" className="figures">
        <Text size="sm" fw={600} component="span">
          {name}
        </Text>
        <Group gap="xs" align="baseline">
          <Text fw={600} component="span">
            {formatRatio(statistic.value)}
          </Text>
          <Text size="xs" c="dimmed" component="span">
            {formatRatioInterval(statistic)}
          </Text>
        </Group>
      </Group>
      <IntervalBar statistic={statistic} height={6} />
      <Text size="sm" c="dimmed" mt={4} style={{ overflowWrap: 'anywhere' }}>
        {props.children}
      </Text>
    </div>
  )
}

function images(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'image' : 'images'}`
}
