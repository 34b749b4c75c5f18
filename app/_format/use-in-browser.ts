import { useSyncExternalStore } from 'react'

const never = () => () => {}

/**
 * False in the server's rendering and in the browser's first, which must be the same; then true. For what only the
 * browser knows: its time zone, the colours that the user chose.
 */
export function useInBrowser(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
}
