'use client'

import { Skeleton } from '@mantine/core'
import dynamic from 'next/dynamic'

/** Its code comes after what is seen first. */
export const LazyTemperaturePanel = dynamic(
  () => import('./temperature-panel.tsx').then((file) => file.TemperaturePanel),
  { ssr: false, loading: () => <Skeleton h={160} /> },
)
