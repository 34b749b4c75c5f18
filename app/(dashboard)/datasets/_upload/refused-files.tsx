'use client'

import { Accordion, Text } from '@mantine/core'
import { formatCount } from '#app/_format/ratio.ts'
import { explainSkip } from '#lib/data/snapshot/skip-explanation.ts'

/** More than a person reads; the whole number stands above them. */
const SHOWN_FILES = 100

/** Files that were not taken, by reason, with what to do; nothing where all were taken. */
export function RefusedFiles({ files }: { files: readonly { path: string; code: string }[] }) {
  if (files.length === 0) return null
  const byCode = Map.groupBy(files, ({ code }) => code)
  return (
    <section aria-label="Skipped files">
      <Text fw={600} size="sm" mb={4}>
        {formatCount(files.length)} {files.length === 1 ? 'file' : 'files'} skipped
      </Text>
      <Accordion variant="contained" chevronPosition="left" order={3}>
        {[...byCode].map(([code, refused]) => (
          <Accordion.Item key={code} value={code}>
            <Accordion.Control>
              <Text size="sm">
                <strong className="figures">{formatCount(refused.length)}</strong>: {explainSkip(code).reason}
              </Text>
            </Accordion.Control>
            <Accordion.Panel>
              <Text size="sm" mb="xs">
                <strong>Fix:</strong> {explainSkip(code).remedy}
              </Text>
              {refused.slice(0, SHOWN_FILES).map(({ path }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: an archive may name a file twice; the list only grows
                <Text key={`${index} ${path}`} size="xs" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
                  {path}
                </Text>
              ))}
              {refused.length > SHOWN_FILES && (
                <Text size="xs" c="dimmed">
                  and {formatCount(refused.length - SHOWN_FILES)} more
                </Text>
              )}
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </section>
  )
}
