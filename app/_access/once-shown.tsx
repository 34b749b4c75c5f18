'use client'

import { Alert, Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { IconCopy } from '@tabler/icons-react'
import { type ReactNode, useRef, useState } from 'react'
import { copyFromField } from './copy-from-field.ts'

/** A link or a key that is seen this once: to copy, with what to do with it. */
export function OnceShown(props: { label: string; value: string; children: ReactNode; onDone: () => void }) {
  const field = useRef<HTMLTextAreaElement>(null)
  const [said, setSaid] = useState('')

  async function copy(): Promise<void> {
    if (field.current === null) return
    setSaid((await copyFromField(field.current)) ? 'Copied' : 'Selected: press Ctrl+C to copy')
  }

  return (
    <Stack gap="md">
      <Alert color="orange" variant="light" title="Shown only once: copy it now">
        {props.children}
      </Alert>
      <Textarea
        ref={field}
        label={props.label}
        value={props.value}
        readOnly
        autosize
        minRows={1}
        onFocus={(event) => event.currentTarget.select()}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', wordBreak: 'break-all' } }}
      />
      <Group justify="space-between">
        <Group gap="sm">
          <Button variant="default" onClick={copy} leftSection={<IconCopy size={16} aria-hidden />}>
            Copy
          </Button>
          <Text size="sm" role="status">
            {said}
          </Text>
        </Group>
        <Button onClick={props.onDone}>Done</Button>
      </Group>
    </Stack>
  )
}
