import { SimpleGrid, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { formatMilliseconds, formatSeconds } from '#app/_format/measure.ts'
import { nameProvider } from '#app/_format/name-provider.ts'
import { formatCount, formatNumber, UNDEFINED_NUMBER } from '#app/_format/ratio.ts'
import { TextLink } from '#app/_shell/links.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import { describeLeftOut } from '#lib/data/snapshot/left-out.ts'
import { pageOfDataset, pageOfModelVersion } from '#lib/delivery/search/page-address.ts'
import { getRunLatency } from '#lib/model/evaluation-result/latency.ts'
import type { EvaluationRunSummary } from '#lib/model/evaluation-run/schema.ts'
import type { ModelVersionView } from '#lib/model/registry/schema.ts'
import type { Context } from '#lib/platform/context.ts'

/** Durations and inputs: what an ML lead needs to reproduce the results. */
export async function RunFacts(props: {
  context: Pick<Context, 'db'>
  run: EvaluationRunSummary
  version: ModelVersionView
}) {
  const { run, version } = props
  const { timings } = run
  const latency = await getRunLatency(props.context, { id: run.id })
  return (
    <Panel title="Run details">
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} component="dl" spacing="md" m={0} className="figures">
        <Fact name="Dataset scan">{formatSeconds(timings.scanningSeconds)}</Fact>
        <Fact name="Time in queue">{formatSeconds(timings.queuedSeconds)}</Fact>
        <Fact name="Evaluation time">
          {formatSeconds(timings.evaluatingSeconds)}
          {timings.imagesPerSecond !== null &&
            `, ${formatNumber(timings.imagesPerSecond, 1)} images per second`}
        </Fact>
        <Fact name="Decoding per image, mean (99th percentile)">
          {formatMilliseconds(latency.decodeMeanSeconds)} ({formatMilliseconds(latency.decodeP99Seconds)})
        </Fact>
        <Fact name="Inference per image, mean (99th percentile)">
          {formatMilliseconds(latency.inferenceMeanSeconds)} (
          {formatMilliseconds(latency.inferenceP99Seconds)})
        </Fact>
        <Fact name="Hardware">{run.provider === null ? UNDEFINED_NUMBER : nameProvider(run.provider)}</Fact>
        <Fact name="Images">
          {formatCount(run.progress.total)}
          {run.reused !== null && run.reused > 0 && `, ${formatCount(run.reused)} with reused predictions`}
          {run.excluded > 0 && `; ${formatCount(run.excluded)} excluded, of unknown classes`}
        </Fact>
        {run.leftOut.length > 0 && (
          <Fact name="Files that were left out">
            {describeLeftOut(run.leftOut)}{' '}
            <TextLink href={`${pageOfDataset(run.dataset)}?view=skipped`}>Reasons and what to do</TextLink>
          </Fact>
        )}
        <Fact name="Model version">
          <TextLink href={pageOfModelVersion(version.id)}>{version.label}</TextLink>
          <Hash value={version.sha256} />
        </Fact>
        <Fact name="Dataset snapshot">
          <TextLink href={pageOfDataset(run.dataset)}>{run.dataset}</TextLink>
          <Hash value={run.snapshotId} />
        </Fact>
      </SimpleGrid>
    </Panel>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div style={{ minWidth: 0 }}>
      <Text component="dt" size="sm" c="dimmed">
        {name}
      </Text>
      <Text component="dd" m={0}>
        {children}
      </Text>
    </div>
  )
}

function Hash({ value }: { value: string | null }) {
  if (value === null) return null
  return (
    <Text size="xs" c="dimmed" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
      {value}
    </Text>
  )
}
