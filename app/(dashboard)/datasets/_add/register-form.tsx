'use client'

import { Alert, Button, Group, Stack, TextInput } from '@mantine/core'
import { useRouter } from 'next/navigation'
import { type FormEvent, useState } from 'react'
import { api } from '#app/_data/api.ts'
import { findDatasetNameFault } from '#lib/data/dataset-source/dataset-name.ts'
import { ApiFailure } from '#lib/delivery/client/api-failure.ts'
import { pageOfDataset } from '#lib/delivery/search/page-address.ts'
import { faultsByField } from './field-of-refusal.ts'
import { PatternField } from './pattern-field.tsx'
import { useDatasetRegistration } from './use-dataset-registration.ts'
import { explainPattern } from './use-preview.ts'

type Faults = ReturnType<typeof faultsByField>

/** Makes a folder or bucket known as a dataset and starts its first scan. */
export function RegisterForm({ roots }: { roots: readonly string[] }) {
  const router = useRouter()
  const [fields, setFields] = useState({ name: '', location: '', patientPattern: '' })
  const [faults, setFaults] = useState<Faults>({})
  const [sending, setSending] = useState(false)
  const registerOnce = useDatasetRegistration()

  const set = (field: keyof typeof fields) => (value: string) => {
    setFields((before) => ({ ...before, [field]: value }))
    setFaults(({ [field]: _settled, form: _said, ...rest }) => rest)
  }

  async function register(event: FormEvent): Promise<void> {
    event.preventDefault()
    const own = await ownFaults(fields)
    setFaults(own)
    if (Object.keys(own).length > 0 || sending) return
    setSending(true)
    try {
      await registerOnce(bodyOf(fields))
      const params = { path: { name: fields.name.trim() } }
      await api.POST('/api/datasets/{name}/snapshots', { params, body: {} })
      router.push(pageOfDataset(fields.name.trim()))
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error
      setFaults(faultsByField(error))
      setSending(false)
    }
  }

  return (
    <form onSubmit={(event) => void register(event)} noValidate>
      <Stack maw={640}>
        <TextInput
          label="Name"
          description="Letters, digits, dots, underscores and hyphens. Shown in URLs and charts."
          placeholder="final_eval"
          required
          value={fields.name}
          onChange={(event) => set('name')(event.currentTarget.value)}
          error={faults.name}
          autoComplete="off"
          spellCheck={false}
        />
        <TextInput
          label="Location"
          description={`A folder on the server (/folder) or a bucket (s3://bucket/prefix) with one folder per finding class. Folders must be inside ${roots.length > 1 ? 'one of: ' : ''}${roots.join(', ')}.`}
          placeholder={`${roots[0] ?? ''}/final_eval`}
          required
          value={fields.location}
          onChange={(event) => set('location')(event.currentTarget.value)}
          error={faults.location}
          autoComplete="off"
          spellCheck={false}
        />
        <PatternField
          value={fields.patientPattern}
          error={faults.patientPattern ?? null}
          onChange={set('patientPattern')}
        />
        {faults.form !== undefined && (
          <Alert color="red" role="alert">
            {faults.form}
          </Alert>
        )}
        <Group>
          <Button type="submit" loading={sending}>
            Register and scan
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function bodyOf(fields: { name: string; location: string; patientPattern: string }) {
  const { name, location, patientPattern } = fields
  return {
    name: name.trim(),
    location: locationOf(location.trim()),
    ...(patientPattern === '' ? {} : { patientPattern }),
  }
}

/** The API wants a scheme; a folder's path may be typed as it is. */
function locationOf(typed: string): string {
  return typed.startsWith('/') ? `file:${typed}` : typed
}

async function ownFaults(fields: {
  name: string
  location: string
  patientPattern: string
}): Promise<Faults> {
  const faults: Faults = {}
  const nameFault = findDatasetNameFault(fields.name.trim())
  if (nameFault !== null) faults.name = nameFault
  if (fields.location.trim() === '') faults.location = 'Enter a location.'
  const patternFault = await explainPattern(fields.patientPattern)
  if (patternFault !== null) faults.patientPattern = patternFault
  return faults
}
