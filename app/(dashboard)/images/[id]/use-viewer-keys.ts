import { useEffect, useRef } from 'react'
import { keyAction, type ViewerAction } from './key-action.ts'

/** Where keys mean something else: fields, sliders, lists, open dialogs. */
const OWN_KEYS =
  'input, textarea, select, [contenteditable="true"], [role="slider"], [role="listbox"], [role="dialog"], [role="menu"]'

/** Keys act on the image wherever the focus is on the page, except where a control wants them itself. */
export function useViewerKeys(enabled: boolean, act: (action: ViewerAction) => void): void {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    if (!enabled) return
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || (event.target instanceof Element && event.target.closest(OWN_KEYS)))
        return
      const action = keyAction(event)
      if (action === null) return
      event.preventDefault()
      event.stopPropagation() // before the dashboard's own keys, such as its help
      latest.current(action)
    }
    window.addEventListener('keydown', onKeyDown, true)
    return () => window.removeEventListener('keydown', onKeyDown, true)
  }, [enabled])
}
