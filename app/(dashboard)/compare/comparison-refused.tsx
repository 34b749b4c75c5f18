import { Alert, Group, Text } from '@mantine/core'
import { formatCount } from '#app/_format/ratio.ts'
import { ButtonLink } from '#app/_shell/links.tsx'
import type { ServiceError } from '#lib/errors.ts'
import { type ComparedPair, comparePage } from './compared-filter.ts'

/** Why the two cannot be compared, and what can be done about it. */
export function ComparisonRefused({ refusal, pair }: { refusal: ServiceError; pair: ComparedPair }) {
  const both = commonImages(refusal)
  return (
    <Alert color="orange" title="These two are not compared" role="alert">
      <Text size="sm" mb="sm" maw="75ch" style={{ overflowWrap: 'anywhere' }}>
        {refusal.message}
      </Text>
      <Group gap="xs">
        {both !== null && (
          <ButtonLink href={comparePage({ ...pair, intersection: true })} size="xs">
            Compare on the {formatCount(both)} images of both
          </ButtonLink>
        )}
        <ButtonLink
          href={`/evaluation-runs/new?dataset=${encodeURIComponent(pair.dataset)}`}
          size="xs"
          variant="default"
        >
          Evaluate on {pair.dataset}
        </ButtonLink>
      </Group>
    </Alert>
  )
}

function commonImages({ code, details }: ServiceError): number | null {
  if (code !== 'IMAGE_SETS_DIFFER' || typeof details !== 'object' || details === null) return null
  return 'both' in details && typeof details.both === 'number' ? details.both : null
}
