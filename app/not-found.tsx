import { Container } from '@mantine/core'
import { NothingHere } from '#app/_shell/nothing-here.tsx'

export default function NotFound() {
  return (
    <Container size="xs" py={96} component="main">
      <NothingHere />
    </Container>
  )
}
