'use client'

import { Button, FileButton, Stack, Text } from '@mantine/core'
import { IconPhotoScan } from '@tabler/icons-react'
import { useRef } from 'react'
import { FileDropZone } from '#app/_data/file-drop-zone.tsx'
import { formatBytes } from '#app/_format/measure.ts'

/** Where an image is dropped, chosen or pasted; small once there is something else to look at. */
export function DropArea(props: { small: boolean; limitBytes: number; onFiles: (files: File[]) => void }) {
  const reset = useRef<() => void>(null)
  return (
    <FileDropZone onFiles={props.onFiles}>
      <Stack align="center" gap={props.small ? 'xs' : 'sm'} py={props.small ? 0 : 'xl'}>
        {!props.small && (
          <IconPhotoScan
            size={44}
            stroke={1.2}
            color="var(--mantine-primary-color-light-color)"
            aria-hidden
          />
        )}
        <div>
          <Text fw={600} size={props.small ? 'md' : 'lg'}>
            {props.small ? 'Drop another image here' : 'Drop one image here'}
          </Text>
          <Text size="sm" c="dimmed">
            or paste one (Ctrl V, ⌘ V). JPEG or PNG, up to {formatBytes(props.limitBytes)}.
          </Text>
        </div>
        <FileButton
          accept="image/jpeg,image/png"
          resetRef={reset}
          onChange={(file) => {
            reset.current?.() // the same file can be chosen again after it was changed
            if (file !== null) props.onFiles([file])
          }}
        >
          {(button) => (
            <Button {...button} variant={props.small ? 'default' : 'filled'}>
              Choose an image
            </Button>
          )}
        </FileButton>
      </Stack>
    </FileDropZone>
  )
}
