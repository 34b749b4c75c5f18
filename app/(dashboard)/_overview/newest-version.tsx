import { Group, Stack, Text } from '@mantine/core'
import { IntervalBar } from '#app/_charts/interval-bar.tsx'
import { Instant } from '#app/_format/instant.tsx'
import { formatCount, formatRatio, formatRatioInterval } from '#app/_format/ratio.ts'
import { TextLink } from '#app/_shell/links.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import type { Overview } from '#lib/delivery/overview/schema.ts'
import { pageOfEvaluationRun, pageOfModelVersion } from '#lib/delivery/search/page-address.ts'

/** The newest version's accuracy with its interval. */
export function NewestVersion({ newest }: { newest: Overview['newestVersion'] }) {
  if (newest === null) return null
  const { accuracy } = newest
  return (
    <Panel
      title="Newest version"
      description={
        <>
          <TextLink href={pageOfModelVersion(newest.id)} underline="always">
            {newest.label}
          </TextLink>
          , added <Instant at={newest.createdAt.toISOString()} />
        </>
      }
    >
      {accuracy === null ? (
        <Text c="dimmed">Not evaluated yet. Accuracy appears here after the first evaluation.</Text>
      ) : (
        <Stack gap="xs">
          <Group align="baseline" gap="sm">
            <Text component="span" fz={44} fw={680} lh={1} className="figures">
              {formatRatio(accuracy.value)}
            </Text>
            <Text component="span" c="dimmed">
              accuracy on {newest.dataset}
            </Text>
          </Group>
          <IntervalBar statistic={accuracy} />
          <Text size="sm" c="dimmed" className="figures">
            95% CI {formatRatioInterval(accuracy)}, {formatCount(accuracy.n)} images
          </Text>
          {newest.evaluationRunId !== null && (
            <TextLink href={pageOfEvaluationRun(newest.evaluationRunId)} size="sm">
              View full evaluation
            </TextLink>
          )}
        </Stack>
      )}
    </Panel>
  )
}
