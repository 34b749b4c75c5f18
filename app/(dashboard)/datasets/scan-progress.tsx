import { Group, Progress, Text } from '@mantine/core'
import { formatCount } from '#app/_format/ratio.ts'
import type { ScanUnderWay } from '#lib/data/dataset/schema.ts'

/** A scan that has not ended: how many files it has seen, and of how many where an earlier scan tells. */
export function ScanProgress({ scan }: { scan: ScanUnderWay }) {
  if (scan.status === 'waiting')
    return (
      <Text size="sm" span>
        Scan queued
      </Text>
    )
  const { listed, expected } = scan
  return (
    <Group gap="xs" wrap="nowrap">
      <Progress
        value={expected === null || expected === 0 ? 100 : Math.min(100, (100 * listed) / expected)}
        animated
        w={96}
        aria-label="Progress of the scan"
      />
      <Text size="sm" className="figures">
        Scanning, {formatCount(listed)}
        {expected !== null && listed <= expected && ` of about ${formatCount(expected)}`} files
      </Text>
    </Group>
  )
}
