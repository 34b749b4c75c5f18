import { Code } from '@mantine/core'
import type { CardFault } from './read-card.ts'

/** What is wrong with a card, place by place; stands in a paragraph, so it is made of phrases. */
export function CardFaults({ faults }: { faults: readonly CardFault[] }) {
  return faults.map(({ path, message }) => (
    <span key={path + message} style={{ display: 'block', overflowWrap: 'anywhere', marginBottom: 2 }}>
      {path !== '' && <Code>{path}</Code>} {message}
    </span>
  ))
}
