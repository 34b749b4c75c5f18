import { Skeleton, Stack } from '@mantine/core'

export default function ModelVersionsLoading() {
  return (
    <Stack aria-busy="true">
      <Skeleton h={64} maw={560} />
      <Skeleton h={260} />
      <Skeleton h={340} />
    </Stack>
  )
}
