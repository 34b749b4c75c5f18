'use client'

import { Code, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { usePreview } from './use-preview.ts'

/** The patient pattern, with the patient ID that it finds in a file name. */
export function PatternField(props: {
  value: string
  error: string | null
  onChange: (pattern: string) => void
}) {
  const [sample, setSample] = useState('nih-train-patient-00013_2.png')
  const preview = usePreview(props.value, sample)
  return (
    <Stack gap="xs">
      <TextInput
        label="Patient pattern"
        description="Optional. A JavaScript regular expression without look-around and back-references. Its first group is the patient ID in the file name; images of one patient are grouped. It cannot be changed later."
        placeholder="^nih-.*-(\d+)_"
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.value)}
        error={props.error ?? (preview.kind === 'fault' ? preview.says : null)}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        autoComplete="off"
        spellCheck={false}
      />
      {props.value !== '' && (
        <>
          <TextInput
            label="Test with a file name"
            size="xs"
            value={sample}
            onChange={(event) => setSample(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            maxLength={255}
          />
          <Text size="sm" role="status">
            {preview.kind === 'patient' && (
              <>
                Patient ID: <Code>{preview.patient}</Code>
              </>
            )}
            {preview.kind === 'none' && 'No patient ID found in this name.'}
          </Text>
        </>
      )}
    </Stack>
  )
}
