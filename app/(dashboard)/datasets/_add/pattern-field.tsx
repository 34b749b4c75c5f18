'use client'

import { Code, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { usePreview } from './use-preview.ts'

/** The patient pattern, with what it takes from a file name, so that nobody has to guess. */
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
        description="Optional. A regular expression as in JavaScript, without look-around and back-references, whose first group in the file name is the patient. Images of one patient are counted together. It cannot be changed afterwards."
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
            label="Try it on a file name"
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
                The patient is <Code>{preview.patient}</Code>.
              </>
            )}
            {preview.kind === 'none' && 'It finds no patient in this name.'}
          </Text>
        </>
      )}
    </Stack>
  )
}
