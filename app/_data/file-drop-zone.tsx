'use client'

import { type ReactNode, useState } from 'react'
import classes from './file-drop-zone.module.css'

/** Takes files that are dropped on it; the buttons within it do the same by click or keyboard. */
export function FileDropZone(props: { onFiles: (files: File[]) => void; children: ReactNode }) {
  const [over, setOver] = useState(false)
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
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        const files = [...event.dataTransfer.files]
        if (files.length > 0) props.onFiles(files)
      }}
    >
      {props.children}
    </div>
  )
}
