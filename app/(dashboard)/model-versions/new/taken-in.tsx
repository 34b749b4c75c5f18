'use client'

import { Alert, Button, Group, Stack, Title } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { AdmissionReport } from '#app/_model-version/admission-report.tsx'
import { ButtonLink } from '#app/_shell/links.tsx'
import { pageOfModelVersion } from '#lib/delivery/search/page-address.ts'
import type { TakenVersion } from './send-model.ts'

/** The version is there: what was checked, and what comes next. */
export function TakenIn({ version, again }: { version: TakenVersion; again: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <Stack maw={760}>
      <Alert color="teal" icon={<IconCircleCheck aria-hidden />} role="status">
        <span style={{ overflowWrap: 'anywhere' }}>
          {version.isNew
            ? `${version.label} is registered.`
            : `This model and card already exist as ${version.label}. Nothing was added.`}
        </span>
      </Alert>
      <Title order={2} size="h5" ref={heading} tabIndex={-1} style={{ outline: 'none' }}>
        Validation{' '}
      </Title>
      <AdmissionReport report={version.admission} findingClasses={version.findingClasses} />
      <Group>
        <ButtonLink href={`/evaluation-runs/new?version=${version.id}`}>Evaluate this version</ButtonLink>
        <ButtonLink href={pageOfModelVersion(version.id)} variant="default">
          View version
        </ButtonLink>
        <Button variant="subtle" onClick={again}>
          Add another version
        </Button>
      </Group>
    </Stack>
  )
}
