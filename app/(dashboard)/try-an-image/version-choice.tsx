'use client'

import { Group, Select, Stack, Text } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import type { PredictingVersion } from './trial.ts'

/** Which version predicts. */
export function VersionChoice(props: {
  versions: readonly PredictingVersion[]
  version: PredictingVersion
  /** The address names one that cannot predict. */
  isReplacement: boolean
  onChange: (version: PredictingVersion) => void
}) {
  const { versions, version } = props
  const { width, height, channels } = version.input
  return (
    <Stack gap={6}>
      <Select
        label="Model version"
        description="Newest first"
        data={versions.map(({ id, label }) => ({ value: id, label }))}
        value={version.id}
        onChange={(chosen) => {
          const found = versions.find(({ id }) => id === chosen)
          if (found !== undefined && found.id !== version.id) props.onChange(found)
        }}
        searchable
        allowDeselect={false}
        styles={{ option: { overflowWrap: 'anywhere' } }}
        nothingFoundMessage="No versions match"
      />
      <Text size="sm" c="dimmed">
        {version.findingClasses} finding classes, {width} × {height} {channels === 3 ? 'colour' : 'greyscale'}{' '}
        input.
      </Text>
      {props.isReplacement && (
        <Text size="sm" role="status">
          The version in the link is archived, unknown or has no model file. The newest is selected instead.
        </Text>
      )}
      <Group gap={8} wrap="nowrap" align="flex-start" mt="sm">
        <IconShieldCheck size={18} aria-hidden style={{ flex: 'none', marginTop: 2 }} />
        <Text size="sm">Neither the image nor its prediction is stored. Only the use is counted.</Text>
      </Group>
    </Stack>
  )
}
