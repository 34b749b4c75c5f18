import Link from 'next/link'
import type { ReactNode } from 'react'
import type { GalleryItem } from '#app/_gallery/gallery-item.ts'
import classes from './image-strip.module.css'

/** A few images beside each other, in list items; what does not fit is reached by scrolling. */
export function ImageStrip({ children }: { children: ReactNode }) {
  return <ul className={classes.strip}>{children}</ul>
}

/** One of them, leading to its page. */
export function ImageTile({ id, href, title, detail, name }: GalleryItem) {
  return (
    <Link href={href} prefetch={false} className={classes.tile}>
      {/* biome-ignore lint/performance/noImgElement: the thumbnail is made and cached by the API */}
      <img src={`/api/images/${id}/content?size=thumbnail`} alt="" loading="lazy" decoding="async" />
      <span className={classes.title}>{title}</span>
      <span className={classes.detail}>{detail}</span>
      <span className="visually-hidden">{name}</span>
    </Link>
  )
}
