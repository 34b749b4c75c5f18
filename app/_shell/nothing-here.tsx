import { Text, Title } from '@mantine/core'
import { TextLink } from './links.tsx'

/** What an address shows that leads nowhere. */
export function NothingHere() {
  return (
    <>
      <Title order={1} size="h2" mb="sm">
        Page not found
      </Title>
      <Text mb="md">The address is wrong, or the page’s content was deleted.</Text>
      <TextLink href="/">Go to home</TextLink>
    </>
  )
}
