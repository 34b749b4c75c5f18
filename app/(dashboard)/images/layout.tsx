import type { ReactNode } from 'react'
import { ViewSettingsProvider } from './view-settings.tsx'

export default function ImagesLayout({ children }: { children: ReactNode }) {
  return <ViewSettingsProvider>{children}</ViewSettingsProvider>
}
