'use client'

import { SegmentedControl, Select, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { findDatasetNameFault } from '#lib/data/dataset-source/dataset-name.ts'
import { ApiFailure } from '#lib/delivery/client/api-failure.ts'
import { UploadImages } from '../_upload/upload-images.tsx'
import { faultsByField } from './field-of-refusal.ts'
import { PatternField } from './pattern-field.tsx'
import { useDatasetRegistration } from './use-dataset-registration.ts'
import { explainPattern } from './use-preview.ts'

type Faults = ReturnType<typeof faultsByField>

/** Images from this computer into a new dataset, or into one that was uploaded before. */
export function UploadForm(props: {
  limitBytes: number
  uploaded: readonly { name: string; findingClasses: readonly string[] }[]
}) {
  const [target, setTarget] = useState<'new' | 'existing'>('new')
  const [existing, setExisting] = useState<string | null>(null)
  const [name, setName] = useState('')
  const [patientPattern, setPattern] = useState('')
  const [faults, setFaults] = useState<Faults>({})
  const registerOnce = useDatasetRegistration()
  const chosen = props.uploaded.find((dataset) => dataset.name === existing)

  async function prepare(): Promise<string | null> {
    const own = target === 'new' ? await ownFaults(name.trim(), patientPattern) : existingFaults(existing)
    setFaults(own)
    if (Object.keys(own).length > 0) return null
    if (target === 'existing') return existing
    try {
      await registerOnce({ name: name.trim(), ...(patientPattern === '' ? {} : { patientPattern }) })
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error
      const refused = faultsByField(error)
      if (refused.form !== undefined) throw error
      setFaults(refused)
      return null
    }
    return name.trim()
  }

  return (
    <Stack maw={720}>
      {props.uploaded.length > 0 && (
        <SegmentedControl
          value={target}
          onChange={(value) => setTarget(value === 'existing' ? 'existing' : 'new')}
          data={[
            { value: 'new', label: 'New dataset' },
            { value: 'existing', label: 'Existing dataset' },
          ]}
          aria-label="Target dataset"
          style={{ alignSelf: 'flex-start' }}
        />
      )}
      {target === 'new' ? (
        <>
          <TextInput
            label="Name"
            description="Letters, digits, dots, underscores and hyphens. Shown in URLs and charts."
            required
            value={name}
            onChange={(event) => {
              setName(event.currentTarget.value)
              setFaults({})
            }}
            error={faults.name}
            autoComplete="off"
            spellCheck={false}
          />
          <PatternField
            value={patientPattern}
            error={faults.patientPattern ?? null}
            onChange={(value) => {
              setPattern(value)
              setFaults({})
            }}
          />
        </>
      ) : (
        <Select
          label="Dataset"
          description="Uploaded datasets only. Add images of registered datasets at their location."
          data={props.uploaded.map((dataset) => dataset.name)}
          value={existing}
          onChange={setExisting}
          error={faults.name}
          searchable
        />
      )}
      <UploadImages
        limitBytes={props.limitBytes}
        knownClasses={chosen?.findingClasses ?? []}
        prepare={prepare}
      />
    </Stack>
  )
}

async function ownFaults(name: string, pattern: string): Promise<Faults> {
  const nameFault = findDatasetNameFault(name)
  const patternFault = await explainPattern(pattern)
  return {
    ...(nameFault === null ? {} : { name: nameFault }),
    ...(patternFault === null ? {} : { patientPattern: patternFault }),
  }
}

function existingFaults(existing: string | null): Faults {
  return existing === null ? { name: 'Choose the dataset.' } : {}
}
