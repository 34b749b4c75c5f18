import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react'
import Link from 'next/link'
import { memo } from 'react'
import classes from './gallery.module.css'
import type { GalleryItem } from './gallery-item.ts'

const MARKS = {
  right: { Icon: IconCheck, says: 'correct' },
  wrong: { Icon: IconX, says: 'incorrect' },
  error: { Icon: IconAlertTriangle, says: 'no prediction' },
} as const

/** A usual screen's first row goes before the scripts. */
const URGENT_TILES = 8

/** One image: its thumbnail, two lines of words, and whether the prediction was right. */
export const GalleryTile = memo(function GalleryTile(props: {
  item: GalleryItem
  index: number
  /** Fetched with the document; others wait until they are near the screen. */
  eager: boolean
  tabbable: boolean
  selected: boolean | undefined
  onFocus?: (index: number) => void
}) {
  const { item, index } = props
  const mark = item.mark === undefined ? undefined : MARKS[item.mark]
  return (
    // biome-ignore lint/a11y/useSemanticElements: a cell of the grid, which is no table
    // biome-ignore lint/a11y/useFocusableInteractive: the link within takes the focus
    <div role="gridcell" aria-selected={props.selected} className={classes.cell}>
      <Link
        href={item.href}
        prefetch={false}
        data-tile={index}
        data-selected={props.selected}
        tabIndex={props.tabbable ? 0 : -1}
        onFocus={() => props.onFocus?.(index)}
        className={classes.tile}
      >
        <span className={classes.picture}>
          {/* biome-ignore lint/performance/noImgElement: the thumbnail is made and cached by the API */}
          <img
            ref={dropWhenGone}
            src={`/api/images/${item.id}/content?size=thumbnail`}
            alt=""
            loading={props.eager ? 'eager' : 'lazy'}
            fetchPriority={props.eager && index < URGENT_TILES ? 'high' : 'auto'}
            decoding="async"
            draggable={false}
          />
          {mark !== undefined && (
            <span className={classes.mark} data-mark={item.mark}>
              <mark.Icon size={14} stroke={2.5} aria-hidden />
              <span className="visually-hidden">{mark.says}</span>
            </span>
          )}
        </span>
        <span className={classes.title}>{item.title}</span>
        {item.detail !== undefined && <span className={classes.detail}>{item.detail}</span>}
        <span className="visually-hidden">{item.name}</span>
      </Link>
    </div>
  )
})

/** Scrolling passes thousands of tiles: what was asked for the ones that are gone would hold up the ones that are seen. */
function dropWhenGone(image: HTMLImageElement): () => void {
  return () =>
    queueMicrotask(() => {
      if (!image.isConnected && !image.complete) image.removeAttribute('src')
    })
}
