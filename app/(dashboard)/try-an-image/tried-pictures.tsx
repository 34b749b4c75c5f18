'use client'

import { SimpleGrid, Skeleton, Text } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'
import { formatCount } from '#app/_format/ratio.ts'
import { Panel } from '#app/_shell/panel.tsx'
import type { TriedImage } from '#lib/model/prediction/schema.ts'
import type { PredictingVersion, Trial } from './trial.ts'
import classes from './try-image.module.css'

/** The image as people see it beside the image as the model does. */
export function TriedPictures(props: {
  trial: Trial
  version: PredictingVersion
  /** Null until the reply is there. */
  reply: TriedImage | null
}) {
  const { trial, version, reply } = props
  const original = useObjectUrl(trial.file)
  const { width, height, channels } = reply?.modelInput ?? version.input
  const size = `${width} × ${height} pixels, ${channels === 3 ? 'colour' : 'grey'}`
  return (
    <Panel title="Image">
      <SimpleGrid cols={2} spacing="sm">
        <Figure
          caption={trial.file.name}
          detail={reply === null ? null : describeImage(reply.image)}
          picture={original !== null && <Picture src={original} alt={`The image ${trial.file.name}`} />}
        />
        <Figure
          caption={`Model input (${version.label})`}
          detail={size}
          picture={
            reply === null ? (
              <Skeleton h="100%" />
            ) : (
              <Picture
                src={`data:image/png;base64,${reply.modelInput.png}`}
                alt={`${trial.file.name} as input of ${version.label}, ${size}`}
                pixels
              />
            )
          }
        />
      </SimpleGrid>
    </Panel>
  )
}

function Figure(props: { picture: ReactNode; caption: string; detail: string | null }) {
  return (
    <figure className={classes.figure}>
      <div className={classes.frame}>{props.picture}</div>
      <figcaption className={classes.caption}>
        {props.caption}
        <Text size="xs" c="dimmed" className="figures">
          {props.detail}
        </Text>
      </figcaption>
    </figure>
  )
}

function Picture({ src, alt, pixels = false }: { src: string; alt: string; pixels?: boolean }) {
  return (
    // biome-ignore lint/performance/noImgElement: the pixels are here already
    <img src={src} alt={alt} className={classes.picture} data-pixels={pixels} draggable={false} />
  )
}

function describeImage({ width, height, format }: TriedImage['image']): string {
  return `${formatCount(width)} × ${formatCount(height)} pixels, ${format.toUpperCase()}`
}

function useObjectUrl(file: File): string | null {
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    const made = URL.createObjectURL(file)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [file])
  return url
}
