'use client'

import { Skeleton } from '@mantine/core'
import dynamic from 'next/dynamic'

/** Its code comes after what is seen first. */
export const LazySlicesPanel = dynamic(() => import('./slices-panel.tsx').then((file) => file.SlicesPanel), {
  ssr: false,
  loading: () => <Skeleton h={260} />,
})
