import '#app/_charts/colours.css'
import { Group } from '@mantine/core'
import { classColours } from '#app/_charts/class-colours.ts'

/** Finding classes with the colour that each has everywhere. */
export function ClassNames({ findingClasses }: { findingClasses: readonly string[] }) {
  const colours = classColours(findingClasses)
  return (
    <Group gap="2px var(--mantine-spacing-xs)">
      {findingClasses.map((name) => (
        <Group key={name} gap={6} wrap="nowrap">
          <span
            aria-hidden="true"
            style={{ width: 10, height: 10, borderRadius: 3, flex: 'none', background: colours.get(name) }}
          />
          <span style={{ overflowWrap: 'anywhere' }}>{name}</span>
        </Group>
      ))}
    </Group>
  )
}
