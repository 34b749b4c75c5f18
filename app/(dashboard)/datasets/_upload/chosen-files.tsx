'use client'

import { Autocomplete, Group, Stack, Text } from '@mantine/core'
import { formatBytes } from '#app/_format/measure.ts'
import { formatCount } from '#app/_format/ratio.ts'
import { countByClass, type ReadyFile } from './group-files.ts'

/** What would be sent: how many images of which finding class, and how much. */
export function ChosenFiles({ files }: { files: readonly ReadyFile<File>[] }) {
  const { findingClasses, archives } = countByClass(files)
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0)
  if (files.length === 0) return null
  return (
    <Stack gap={4}>
      <Text fw={600} size="sm" className="figures">
        {formatCount(files.length)} {files.length === 1 ? 'file' : 'files'}, {formatBytes(bytes)}
      </Text>
      <Group gap="xs" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {findingClasses.map(([findingClass, count]) => (
          <Text component="li" key={findingClass} size="sm" className="figures" mr="sm">
            {findingClass} <strong>{formatCount(count)}</strong>
          </Text>
        ))}
        {archives > 0 && (
          <Text component="li" size="sm">
            {formatCount(archives)} {archives === 1 ? 'archive' : 'archives'}
          </Text>
        )}
      </Group>
    </Stack>
  )
}

/** The finding class of images that lie in no folder. */
export function LooseClassField(props: {
  count: number
  value: string
  known: readonly string[]
  error: string | null
  onChange: (findingClass: string) => void
}) {
  return (
    <Autocomplete
      label={`Finding class of ${props.count === 1 ? 'the image' : `the ${formatCount(props.count)} images`} without a folder`}
      description="Choose an existing class or enter a new one."
      data={[...props.known]}
      value={props.value}
      onChange={props.onChange}
      error={props.error}
      maw={420}
    />
  )
}
