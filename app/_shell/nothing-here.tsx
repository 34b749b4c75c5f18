import { Text, Title } from '@mantine/core'
import { TextLink } from './links.tsx'

/** What an address shows that leads nowhere. */
export function NothingHere() {
  return (
    <>
      <Title order={1} size="h2" mb="sm">
        There is nothing here
      </Title>
      <Text mb="md">The address is wrong, or what it showed has been deleted.</Text>
      <TextLink href="/">To the start page</TextLink>
    </>
  )
}
