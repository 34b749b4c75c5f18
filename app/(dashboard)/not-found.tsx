import { Container } from '@mantine/core'
import { NothingHere } from '#app/_shell/nothing-here.tsx'

/** Beside the navigation, in the frame's own main landmark. */
export default function NotFound() {
  return (
    <Container size="xs" py={96}>
      <NothingHere />
    </Container>
  )
}
