import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { pageOfImage } from '#lib/delivery/search/page-address.ts'

/** Through which model version the image is looked at, kept in the address; null for the image itself. */
export function useSeenBy(versions: readonly { id: string }[]) {
  const ids = versions.map(({ id }) => id)
  const [seenBy, setSeenBy] = useQueryState('seenBy', parseAsStringLiteral(ids))
  return {
    seenBy,
    setSeenBy: (versionId: string | null) => void setSeenBy(versionId),
    /** Another image's page, looked at in the same way. */
    withSeenBy: (href: string) => {
      if (seenBy === null) return href
      return `${href}${href.includes('?') ? '&' : '?'}seenBy=${encodeURIComponent(seenBy)}`
    },
  }
}

export function contentAddress(imageId: number, seenBy: string | null): string {
  const content = `/api${pageOfImage(imageId)}/content`
  return seenBy === null
    ? `${content}?size=full`
    : `${content}?size=model-input&modelVersionId=${encodeURIComponent(seenBy)}`
}
