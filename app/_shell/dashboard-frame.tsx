'use client'

import { AppShell, Box, Burger, Group, NavLink, ScrollArea, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { type ReactNode, useEffect } from 'react'
import type { DemoState } from '#lib/delivery/demo/state.ts'
import { BrandMark } from './brand-mark.tsx'
import classes from './dashboard-frame.module.css'
import { DemoBanner } from './demo-banner.tsx'
import { HeaderActions } from './header-actions.tsx'
import { PageIcon } from './icons.tsx'
import { LiveEventsProvider } from './live-events.tsx'
import type { NavigationSection } from './navigation.ts'
import { type SignedInUser, SignedInUserProvider } from './signed-in-user.tsx'
import { StatusLine } from './status-line.tsx'
import { WorkNotices } from './work-notices.tsx'

/** The frame of every page behind the sign-in: navigation, header, what is away, what is a demo. */
export function DashboardFrame(props: {
  user: SignedInUser
  navigation: NavigationSection[]
  demo: DemoState
  children: ReactNode
}) {
  const [opened, { toggle, close }] = useDisclosure()
  const pathname = usePathname()
  // biome-ignore lint/correctness/useExhaustiveDependencies: on a phone the menu closes when the page changes
  useEffect(close, [pathname])
  return (
    <SignedInUserProvider user={props.user}>
      <LiveEventsProvider allowed={props.user.permissions.includes('evaluation-run:read')}>
        <WorkNotices />
        <a href="#content" className={classes.skip}>
          Skip to content
        </a>
        <AppShell
          header={{ height: 56 }}
          navbar={{ width: 240, breakpoint: 'md', collapsed: { mobile: !opened } }}
          padding="md"
        >
          <AppShell.Header data-print="no">
            <Group h="100%" px="md" justify="space-between" wrap="nowrap">
              <Group gap="sm" wrap="nowrap">
                <Burger
                  opened={opened}
                  onClick={toggle}
                  hiddenFrom="md"
                  size="sm"
                  aria-label="Navigation"
                  aria-expanded={opened}
                />
                <Link href="/" className={classes.brand}>
                  <BrandMark />
                  <span>Second Reader</span>
                </Link>
              </Group>
              <HeaderActions navigation={props.navigation} />
            </Group>
          </AppShell.Header>
          <AppShell.Navbar data-print="no" aria-label="Pages">
            <ScrollArea flex={1} px="xs" pb="md">
              {props.navigation.map((section) => (
                <Section key={section.question} section={section} pathname={pathname} />
              ))}
            </ScrollArea>
          </AppShell.Navbar>
          <AppShell.Main id="content" tabIndex={-1} className={classes.main ?? ''}>
            <Box className={classes.content ?? ''}>
              <DemoBanner demo={props.demo} />
              <StatusLine />
              {props.children}
            </Box>
          </AppShell.Main>
        </AppShell>
      </LiveEventsProvider>
    </SignedInUserProvider>
  )
}

function Section({ section, pathname }: { section: NavigationSection; pathname: string }) {
  return (
    <Stack gap={2}>
      <Text component="h2" className={classes.question ?? ''}>
        {section.question}
      </Text>
      {section.items.map((item) => {
        const active = item.address === '/' ? pathname === '/' : pathname.startsWith(item.address)
        return (
          <NavLink
            key={item.address}
            component={Link}
            href={item.address}
            label={item.title}
            leftSection={<PageIcon name={item.icon} />}
            active={active}
            aria-current={active ? 'page' : undefined}
            className={classes.link ?? ''}
          />
        )
      })}
    </Stack>
  )
}
