import { useEffect, useState } from 'react'

/** For a dialog that is drawn only while it is open: what had the focus before has it again when it has gone. */
export function useReturnFocus(): void {
  const [before] = useState(() => document.activeElement)
  useEffect(
    () => () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true })
    },
    [before],
  )
}
