import { Skeleton, Stack } from '@mantine/core'

/** The shape of the page while it is made. */
export default function Loading() {
  return (
    <Stack gap="md" aria-busy="true" aria-label="Loading the comparison">
      <Skeleton h={32} w="min(16rem, 80%)" />
      <Skeleton h={18} w="min(30rem, 90%)" />
      <Skeleton h={92} />
      <Skeleton h={150} />
      <Skeleton h={260} />
    </Stack>
  )
}
