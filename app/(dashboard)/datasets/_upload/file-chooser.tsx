'use client'

import { Button, FileButton, Group, Stack, Text } from '@mantine/core'
import { IconFiles, IconFolder } from '@tabler/icons-react'
import { type DragEvent, useRef, useState } from 'react'
import classes from './file-chooser.module.css'
import type { PickedFile } from './group-files.ts'
import { droppedFiles, pickedFiles } from './picked-files.ts'

/** Where a folder, files or archives are dropped or picked. */
export function FileChooser(props: {
  onPick: (files: PickedFile<File>[]) => void
  onFault: (message: string) => void
}) {
  const [over, setOver] = useState(false)
  const [collecting, setCollecting] = useState(false)
  const folder = useRef<HTMLInputElement>(null)

  async function drop(event: DragEvent): Promise<void> {
    event.preventDefault()
    setOver(false)
    setCollecting(true)
    try {
      props.onPick(await droppedFiles(event.dataTransfer))
    } catch {
      props.onFault('Part of the folder could not be opened. Check its file permissions.')
    }
    setCollecting(false)
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the buttons within do the same by keyboard
    <div
      className={classes.zone}
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => void drop(event)}
    >
      <Stack align="center" gap="sm">
        <Text fw={600}>Drop a folder, images or a .zip file here</Text>
        <Group justify="center" gap="xs">
          <Button
            leftSection={<IconFolder size={16} aria-hidden />}
            variant="default"
            loading={collecting}
            onClick={() => folder.current?.click()}
          >
            Choose a folder
          </Button>
          <FileButton
            multiple
            accept="image/jpeg,image/png,.zip"
            onChange={(files) => props.onPick(files.map((file) => ({ path: file.name, file })))}
          >
            {(button) => (
              <Button {...button} leftSection={<IconFiles size={16} aria-hidden />} variant="default">
                Choose images or a .zip file
              </Button>
            )}
          </FileButton>
        </Group>
        <Text size="sm" c="dimmed" maw="56ch">
          JPEG or PNG. Use one folder per finding class: <code>lung-covid/1.png</code>.
        </Text>
        <input
          ref={folder}
          type="file"
          hidden
          multiple
          aria-label="Folder to upload"
          data-testid="folder"
          {...{ webkitdirectory: '' }}
          onChange={(event) => {
            props.onPick(pickedFiles(event.currentTarget.files))
            event.currentTarget.value = ''
          }}
        />
      </Stack>
    </div>
  )
}
