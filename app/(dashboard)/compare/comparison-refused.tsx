import { Alert, Group, Text } from '@mantine/core'
import { formatCount } from '#app/_format/ratio.ts'
import { ButtonLink } from '#app/_shell/links.tsx'
import { isBusy, type ServiceError } from '#lib/platform/errors.ts'
import { type ComparedPair, comparePage } from './compared-filter.ts'

/** Why the two cannot be compared, and what can be done about it. */
export function ComparisonRefused(props: { refusal: ServiceError; pair: ComparedPair; mayLaunch: boolean }) {
  const { refusal, pair, mayLaunch } = props
  if (isBusy(refusal))
    return (
      <Alert color="orange" title="Busy: try again in a moment" role="alert">
        <Text size="sm">The comparison waits for a free place: reload the page.</Text>
      </Alert>
    )
  const both = commonImages(refusal)
  return (
    <Alert color="orange" title="These versions cannot be compared" role="alert">
      <Text size="sm" mb="sm" maw="75ch" style={{ overflowWrap: 'anywhere' }}>
        {refusal.message}
      </Text>
      <Group gap="xs">
        {both !== null && (
          <ButtonLink href={comparePage({ ...pair, intersection: true })} size="xs">
            Compare on the {formatCount(both)} common images
          </ButtonLink>
        )}
        {mayLaunch && <Remedy missing={missingVersion(refusal)} dataset={pair.dataset} />}
      </Group>
    </Alert>
  )
}

function Remedy({ missing, dataset }: { missing: MissingVersion | null; dataset: string }) {
  if (missing?.hasModel === false)
    return (
      <ButtonLink href="/model-versions/import" size="xs" variant="default">
        Import its predictions
      </ButtonLink>
    )
  const wanted = new URLSearchParams({ ...(missing && { version: missing.modelVersionId }), dataset })
  return (
    <ButtonLink href={`/evaluation-runs/new?${wanted}`} size="xs" variant="default">
      Evaluate on {dataset}
    </ButtonLink>
  )
}

function commonImages({ code, details }: ServiceError): number | null {
  if (code !== 'IMAGE_SETS_DIFFER' || typeof details !== 'object' || details === null) return null
  return 'both' in details && typeof details.both === 'number' ? details.both : null
}

type MissingVersion = { modelVersionId: string; hasModel: boolean }

/** The version without an evaluation there, where that is the reason. */
function missingVersion({ code, details }: ServiceError): MissingVersion | null {
  return code === 'NOT_EVALUATED' ? (details as MissingVersion) : null
}
