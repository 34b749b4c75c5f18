'use client'

import { useLocalStorage } from '@mantine/hooks'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { useRef, useState } from 'react'
import { type ReactZoomPanPinchRef, TransformWrapper } from 'react-zoom-pan-pinch'
import { useViewSettings } from '../view-settings.tsx'
import { FULL_WINDOW, transferOf } from '../window-level.ts'
import classes from './image-viewer.module.css'
import type { ViewerAction } from './key-action.ts'
import { contentAddress, useSeenBy } from './use-seen-by.ts'
import { useViewerKeys } from './use-viewer-keys.ts'
import { useWindowDrag } from './use-window-drag.ts'
import { ViewerPicture } from './viewer-picture.tsx'
import { ViewerToolbar } from './viewer-toolbar.tsx'
import { WindowSliders } from './window-sliders.tsx'

const ShortcutHelp = dynamic(() => import('./shortcut-help.tsx').then((file) => file.ShortcutHelp), {
  ssr: false,
})

const ZOOM_STEP = 0.4
const MOST_ZOOM = 16
const PAN_PIXELS = 80
const QUICK_MS = 120

export type ViewedImage = { id: number; name: string; width: number; height: number }

/** The image as large as the page allows: zoom, move, window and level, inversion, and what a model sees of it. */
export function ImageViewer(props: {
  image: ViewedImage
  versions: readonly { id: string; label: string }[]
  previousHref: string | null
  nextHref: string | null
}) {
  const { image, versions } = props
  const router = useRouter()
  const zoom = useRef<ReactZoomPanPinchRef>(null)
  const { settings, change } = useViewSettings()
  const { seenBy, setSeenBy, withSeenBy } = useSeenBy(versions)
  const [help, setHelp] = useState(false)
  const [keys, setKeys] = useLocalStorage({ key: 'image-viewer-keys', defaultValue: true })
  const drag = useWindowDrag({
    left: settings.tool === 'window',
    window: settings.window,
    change: (window) => change({ window }),
  })

  function act(action: ViewerAction): void {
    const steps: Record<ViewerAction, () => unknown> = {
      'zoom-in': () => zoom.current?.zoomIn(ZOOM_STEP, QUICK_MS),
      'zoom-out': () => zoom.current?.zoomOut(ZOOM_STEP, QUICK_MS),
      fit: () => zoom.current?.resetTransform(QUICK_MS),
      previous: () => props.previousHref !== null && router.push(withSeenBy(props.previousHref)),
      next: () => props.nextHref !== null && router.push(withSeenBy(props.nextHref)),
      'pan-left': () => zoom.current?.panBy(PAN_PIXELS, 0, QUICK_MS),
      'pan-right': () => zoom.current?.panBy(-PAN_PIXELS, 0, QUICK_MS),
      'pan-up': () => zoom.current?.panBy(0, PAN_PIXELS, QUICK_MS),
      'pan-down': () => zoom.current?.panBy(0, -PAN_PIXELS, QUICK_MS),
      invert: () => change({ inverted: !settings.inverted }),
      tool: () => change({ tool: settings.tool === 'move' ? 'window' : 'move' }),
      'model-view': () => setSeenBy(seenBy === null ? (versions[0]?.id ?? null) : null),
      help: () => setHelp(true),
      reset: () => {
        change({ window: FULL_WINDOW, inverted: false })
        zoom.current?.resetTransform(QUICK_MS)
      },
    }
    steps[action]()
  }

  useViewerKeys(keys && !help, act)
  const src = contentAddress(image.id, seenBy)
  return (
    <div>
      <ViewerToolbar settings={settings} act={act} seenBy={seenBy} versions={versions} onSeenBy={setSeenBy} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: sliders and buttons beside it do the same */}
      <div
        className={classes.stage}
        data-tool={drag.dragging ? 'window' : settings.tool}
        onDoubleClick={() => act('reset')}
        {...drag.handlers}
      >
        <TransformWrapper
          ref={zoom}
          minScale={1}
          maxScale={MOST_ZOOM}
          doubleClick={{ disabled: true }}
          panning={{
            disabled: settings.tool === 'window',
            allowRightClickPan: false,
            velocityDisabled: true,
          }}
        >
          <ViewerPicture
            key={src}
            src={src}
            alt={`Image ${image.name}`}
            width={image.width}
            height={image.height}
            transfer={transferOf(settings.window, settings.inverted)}
            pixels={seenBy !== null}
          />
        </TransformWrapper>
        {seenBy !== null && (
          <div className={classes.caption}>
            Model input, enlarged: {versions.find(({ id }) => id === seenBy)?.label}
          </div>
        )}
      </div>
      <WindowSliders window={settings.window} change={(window) => change({ window })} />
      <ShortcutHelp opened={help} close={() => setHelp(false)} enabled={keys} setEnabled={setKeys} />
    </div>
  )
}
