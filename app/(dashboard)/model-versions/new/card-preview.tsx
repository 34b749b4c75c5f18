import { Paper, Stack, Text } from '@mantine/core'
import { ClassNames } from '#app/_model-version/class-names.tsx'
import { Facts } from '#app/_shell/facts.tsx'
import type { CardSummary } from './read-card.ts'

/** What the chosen card says, before anything is sent. */
export function CardPreview({ card }: { card: CardSummary }) {
  const { width, height, channels } = card.input
  return (
    <Paper withBorder p="md">
      <Stack gap="xs">
        <Text fw={600} size="sm">
          Model card
        </Text>
        <Facts
          facts={[
            ['Model', card.name],
            ['Input', `${width} × ${height} pixels, ${channels === 3 ? 'colour' : 'grey'}`],
            [
              `${card.findingClasses.length} finding classes`,
              <ClassNames key="classes" findingClasses={card.findingClasses} />,
            ],
          ]}
        />
      </Stack>
    </Paper>
  )
}
