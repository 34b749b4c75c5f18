'use client'

import { Center, Loader } from '@mantine/core'
import dynamic from 'next/dynamic'

/** The gallery for pages where it stands far below: its code comes after what is seen first. */
export const LazyImageGallery = dynamic(
  () => import('./image-gallery.tsx').then((file) => file.ImageGallery),
  {
    ssr: false,
    loading: () => (
      <Center mih={400}>
        <Loader aria-label="Loading the images" />
      </Center>
    ),
  },
)
