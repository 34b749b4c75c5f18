import '#app/_charts/colours.css'
import { Box } from '@mantine/core'
import { classColours } from '#app/_charts/class-colours.ts'
import { formatCount } from '#app/_format/ratio.ts'

/** A dataset's finding classes as shares of one line, in words for a screen reader and on hover. */
export function ClassBar(props: { findingClasses: readonly { findingClass: string; images: number }[] }) {
  const total = props.findingClasses.reduce((sum, { images }) => sum + images, 0)
  if (total === 0) return null
  const colours = classColours(props.findingClasses.map(({ findingClass }) => findingClass))
  const words = props.findingClasses.map(
    ({ findingClass, images }) => `${findingClass} ${formatCount(images)}`,
  )
  return (
    <Box
      role="img"
      aria-label={`Images by finding class: ${words.join(', ')}`}
      title={words.join('\n')}
      display="flex"
      h={10}
      miw={120}
      style={{ gap: 1, borderRadius: 5, overflow: 'hidden' }}
    >
      {props.findingClasses.map(({ findingClass, images }) => (
        <Box
          key={findingClass}
          style={{
            flexGrow: images,
            flexBasis: 0,
            minWidth: 2,
            background: colours.get(findingClass) ?? 'none',
          }}
        />
      ))}
    </Box>
  )
}
