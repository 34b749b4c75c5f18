import classes from './gallery.module.css'
import type { GalleryItem } from './gallery-item.ts'
import { GalleryTile } from './gallery-tile.tsx'

/** As many as fill a usual screen. */
export const FIRST_TILES = 24

/** The first rows, before their width is known: the style sheet counts the columns. */
export function FirstTiles({ label, items }: { label: string; items: readonly GalleryItem[] }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: what takes its place is no table
    <div role="grid" aria-label={label}>
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: its cells take the focus */}
      <div role="row" className={classes.first}>
        {items.slice(0, FIRST_TILES).map((item, index) => (
          <GalleryTile
            key={item.id}
            item={item}
            index={index}
            eager
            tabbable={index === 0}
            selected={undefined}
          />
        ))}
      </div>
    </div>
  )
}
