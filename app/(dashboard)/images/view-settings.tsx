'use client'

import { createContext, type ReactNode, useContext, useMemo, useState } from 'react'
import { FULL_WINDOW, type WindowLevel } from './window-level.ts'

/** How images are looked at. */
export type ViewSettings = {
  window: WindowLevel
  inverted: boolean
  /** What a drag does. */
  tool: 'move' | 'window'
}

type Settings = { settings: ViewSettings; change: (part: Partial<ViewSettings>) => void }

const SettingsContext = createContext<Settings | null>(null)
const DEFAULTS: ViewSettings = { window: FULL_WINDOW, inverted: false, tool: 'move' }

/** Above the pages of the images, so that the next image is looked at in the same way. */
export function ViewSettingsProvider({ children }: { children: ReactNode }) {
  const [settings, setSettings] = useState(DEFAULTS)
  const value = useMemo(
    () => ({
      settings,
      change: (part: Partial<ViewSettings>) => setSettings((before) => ({ ...before, ...part })),
    }),
    [settings],
  )
  return <SettingsContext value={value}>{children}</SettingsContext>
}

export function useViewSettings(): Settings {
  const value = useContext(SettingsContext)
  if (value === null) throw new Error('useViewSettings outside the pages of images')
  return value
}
