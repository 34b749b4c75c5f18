'use client'

import {
  ActionIcon,
  Button,
  Group,
  Kbd,
  Menu,
  Text,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { IconKeyboard, IconLogout, IconMoon, IconSearch, IconSun, IconUserCircle } from '@tabler/icons-react'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { useInBrowser } from '#app/_format/use-in-browser.ts'
import type { NavigationSection } from './navigation.ts'
import { useSignedInUser } from './signed-in-user.tsx'

const CommandPalette = dynamic(() => import('./command-palette.tsx').then((file) => file.CommandPalette), {
  ssr: false,
})
const KeyboardHelp = dynamic(() => import('./keyboard-help.tsx').then((file) => file.KeyboardHelp), {
  ssr: false,
})

/** At the right of the header: search, keyboard help, colour scheme and the person's own menu. */
export function HeaderActions({ navigation }: { navigation: NavigationSection[] }) {
  const [helpOpened, help] = useDisclosure()
  // Where the question mark needs Shift, and where it does not.
  useHotkeys([
    ['shift+?', help.open],
    ['?', help.open],
    ['mod+K', openSearch],
  ])
  return (
    <Group gap="xs" wrap="nowrap">
      <SearchButton />
      <Tooltip label="Keyboard help">
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          onClick={help.open}
          aria-label="Keyboard help"
          visibleFrom="sm"
        >
          <IconKeyboard size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <ColourSchemeButton />
      <UserMenu />
      <CommandPalette navigation={navigation} />
      <KeyboardHelp opened={helpOpened} close={help.close} />
    </Group>
  )
}

/** The palette's own state: a request made before its script has loaded is kept. */
function openSearch(): void {
  void import('@mantine/spotlight').then(({ spotlight }) => spotlight.open())
}

function SearchButton() {
  return (
    <>
      <Button
        variant="default"
        size="xs"
        fw={450}
        leftSection={<IconSearch size={14} aria-hidden />}
        rightSection={<Kbd size="xs">Ctrl K</Kbd>}
        onClick={openSearch}
        visibleFrom="sm"
      >
        Search
      </Button>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        onClick={openSearch}
        aria-label="Search"
        hiddenFrom="sm"
      >
        <IconSearch size={18} aria-hidden />
      </ActionIcon>
    </>
  )
}

function ColourSchemeButton() {
  const { setColorScheme } = useMantineColorScheme()
  const computed = useComputedColorScheme('light')
  const scheme = useInBrowser() ? computed : 'light'
  const next = scheme === 'dark' ? 'light' : 'dark'
  return (
    <Tooltip label={`Use ${next} colours`}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        onClick={() => setColorScheme(next)}
        aria-label={`Use ${next} colours`}
      >
        {scheme === 'dark' ? <IconSun size={18} aria-hidden /> : <IconMoon size={18} aria-hidden />}
      </ActionIcon>
    </Tooltip>
  )
}

function UserMenu() {
  const user = useSignedInUser()
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Your account">
          <IconUserCircle size={20} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} truncate>
            {user.name}
          </Text>
          <Text size="xs" truncate>
            {user.email}
          </Text>
        </Menu.Label>
        <Menu.Item
          component={Link}
          href="/settings/account"
          leftSection={<IconUserCircle size={16} aria-hidden />}
        >
          Your account
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={signOut}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

/** The API's client comes with the first use: most pages show themselves without it. */
async function signOut(): Promise<void> {
  const { api } = await import('#app/_data/api.ts')
  await api.POST('/api/auth/sign-out')
  window.location.assign('/login')
}
