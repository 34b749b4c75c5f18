'use client'

import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { showNotice } from '#app/_shell/show-notice.ts'
import { saveFile } from './download-chart.ts'

export type Export = {
  /** With the format: "Predictions (CSV)". */
  title: string
  address: string
  accept: 'text/csv' | 'application/json'
  fileName: string
}

/** What the page shows, as files: for a spreadsheet or for a program. */
export function ExportMenu({ files }: { files: readonly Export[] }) {
  const [busy, setBusy] = useState(false)

  async function download({ address, accept, fileName }: Export): Promise<void> {
    setBusy(true)
    try {
      const reply = await fetch(address, { headers: { Accept: accept } })
      if (!reply.ok) throw new Error(`The service answered with status ${reply.status}.`)
      saveFile(await reply.blob(), fileName)
    } catch (error) {
      void showNotice({
        color: 'red',
        title: 'The file could not be made',
        message: (error as Error).message,
      })
    }
    setBusy(false)
  }

  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} loading={busy}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {files.map((file) => (
          <Menu.Item key={file.title} onClick={() => void download(file)}>
            {file.title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
