/** One image in a gallery. */
export type GalleryItem = {
  id: string
  /** The file's name: what a screen reader says first. */
  name: string
  href: string
  /** Below the picture; the second line is dimmed. */
  title: string
  detail?: string
  /** Whether a prediction was right, drawn as a sign with words for a screen reader. */
  mark?: 'right' | 'wrong' | 'error'
}

export type GalleryPage = { items: GalleryItem[]; nextCursor: string | null; total?: number }

/** Where a gallery gets its images from, page by page. */
export type GallerySource = {
  /** Changes whenever the images would: filters, sort, the run. */
  key: readonly unknown[]
  /** The first page, where the server has sent it with the document. */
  first?: GalleryPage | undefined
  loadPage: (cursor: string | null, signal: AbortSignal) => Promise<GalleryPage>
}
