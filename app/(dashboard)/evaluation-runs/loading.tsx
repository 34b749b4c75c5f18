import { Skeleton, Stack } from '@mantine/core'

export default function Loading() {
  return (
    <Stack aria-busy="true" aria-label="Loading">
      <Skeleton h={36} w={240} />
      <Skeleton h={60} />
      <Skeleton h={320} />
    </Stack>
  )
}
