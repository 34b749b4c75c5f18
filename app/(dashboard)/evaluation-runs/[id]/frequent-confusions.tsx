import { List, Text, Title } from '@mantine/core'
import { formatCount, formatRatio } from '#app/_format/ratio.ts'
import { type ConfusionRow, mostFrequentConfusions } from './confusion-rows.ts'
import { ImagesLink } from './images-link.tsx'

const SHOWN = 6

/** The matrix in words: which mistakes are made most often. */
export function FrequentConfusions({ rows }: { rows: readonly ConfusionRow[] }) {
  const confusions = mostFrequentConfusions(rows, SHOWN)
  return (
    <>
      <Title order={3} size="h6" mb={6}>
        Most frequent confusions
      </Title>
      {confusions.length === 0 ? (
        <Text size="sm" c="dimmed">
          None: every prediction is correct.
        </Text>
      ) : (
        <List
          size="sm"
          spacing={8}
          listStyleType="none"
          className="figures"
          style={{ overflowWrap: 'anywhere' }}
        >
          {confusions.map(({ referenceClass, predictedClass, count, n, shareRatio }) => (
            <List.Item key={`${referenceClass} ${predictedClass}`}>
              <ImagesLink filter={{ referenceClass, predictedClass }}>
                {referenceClass} misclassified as {predictedClass}
              </ImagesLink>
              <Text size="xs" c="dimmed">
                {formatCount(count)} of {formatCount(n)} ({formatRatio(shareRatio)})
              </Text>
            </List.Item>
          ))}
        </List>
      )}
    </>
  )
}
