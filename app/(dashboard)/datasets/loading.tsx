import { Skeleton, Stack } from '@mantine/core'

export default function Loading() {
  return (
    <Stack aria-busy="true" aria-label="Loading">
      <Skeleton h={36} w={220} />
      <Skeleton h={20} maw={520} />
      <Skeleton h={320} radius="md" />
    </Stack>
  )
}
