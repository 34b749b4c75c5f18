'use client'

import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import { type ReactNode, useState } from 'react'
import { theme } from './theme.ts'

// What is to be told before they have come, waits for them.
const Notices = dynamic(() => import('@mantine/notifications').then((file) => file.Notifications), {
  ssr: false,
})

/** Data is renewed by live events; a second look within this time shows what is there. */
const FRESH_MS = 5_000

/** What every page's client parts stand in: theme, notices, cached replies, state in the address. */
export function Providers({ nonce, children }: { nonce: string; children: ReactNode }) {
  const [queries] = useState(
    () =>
      new QueryClient({
        defaultOptions: { queries: { staleTime: FRESH_MS, retry: 1, refetchOnWindowFocus: true } },
      }),
  )
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <QueryClientProvider client={queries}>
        <NuqsAdapter>
          <Notices position="bottom-right" limit={4} />
          {children}
        </NuqsAdapter>
      </QueryClientProvider>
    </MantineProvider>
  )
}
