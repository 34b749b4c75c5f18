'use client'

import { Alert, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useId, useRef, useState } from 'react'
import { TransformComponent } from 'react-zoom-pan-pinch'
import type { Transfer } from '../window-level.ts'
import classes from './image-viewer.module.css'

const SLOW_MS = 250

/** The pixels, their levels spread by the transfer function; a word where they do not come. */
export function ViewerPicture(props: {
  src: string
  alt: string
  width: number
  height: number
  transfer: Transfer
  /** Squares instead of a smooth picture. */
  pixels: boolean
}) {
  const filter = `levels-${useId().replaceAll(/[^\w-]/g, '')}`
  const [state, setState] = useState<'loading' | 'slow' | 'shown' | 'failed'>('loading')
  const picture = useRef<HTMLImageElement>(null)
  const { slope, intercept } = props.transfer
  useEffect(() => {
    // It may have come, or failed, before the page was alive.
    if (picture.current?.complete) setState(picture.current.naturalWidth > 0 ? 'shown' : 'failed')
    const timer = setTimeout(() => setState((now) => (now === 'loading' ? 'slow' : now)), SLOW_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <>
      <svg className={classes.filter} aria-hidden="true" focusable="false">
        <filter id={filter} colorInterpolationFilters="sRGB" x="0" y="0" width="100%" height="100%">
          <feComponentTransfer>
            <feFuncR type="linear" slope={slope} intercept={intercept} />
            <feFuncG type="linear" slope={slope} intercept={intercept} />
            <feFuncB type="linear" slope={slope} intercept={intercept} />
          </feComponentTransfer>
        </filter>
      </svg>
      <TransformComponent wrapperProps={{ 'aria-hidden': state === 'failed' }}>
        {/* biome-ignore lint/performance/noImgElement: the picture is made by the API, pixel by pixel */}
        <img
          ref={picture}
          src={props.src}
          alt={state === 'failed' ? '' : props.alt}
          width={props.width}
          height={props.height}
          decoding="async"
          fetchPriority="high"
          draggable={false}
          data-pixels={props.pixels}
          className={classes.picture}
          style={{ filter: `url(#${filter})` }}
          onLoad={() => setState('shown')}
          onError={() => setState('failed')}
        />
      </TransformComponent>
      {state === 'slow' && (
        <div className={classes.over}>
          <Loader color="gray.4" aria-label="Loading the image" />
        </div>
      )}
      {state === 'failed' && (
        <div className={classes.over}>
          <WhyNotShown src={props.src} />
        </div>
      )}
    </>
  )
}

/** An `img` says only that it failed: what the service answered is asked for once more. */
function WhyNotShown({ src }: { src: string }) {
  const { data } = useQuery({
    queryKey: ['why-not-shown', src],
    retry: false,
    queryFn: async () => {
      const reply = await fetch(src)
      const body = reply.ok ? null : await reply.json().catch(() => null)
      return (body?.error?.message as string | undefined) ?? null
    },
  })
  return (
    <Alert color="red" title="The image cannot be shown" role="alert" maw={480} variant="filled" autoContrast>
      {data ?? 'The service cannot be reached. Reload the page to try again.'}
    </Alert>
  )
}
