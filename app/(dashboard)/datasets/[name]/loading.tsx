import { SimpleGrid, Skeleton, Stack } from '@mantine/core'

export default function Loading() {
  return (
    <Stack aria-busy="true" aria-label="Loading">
      <Skeleton h={36} w={260} />
      <Skeleton h={20} maw={420} />
      <SimpleGrid cols={{ base: 2, md: 4 }}>
        <Skeleton h={88} radius="md" />
        <Skeleton h={88} radius="md" />
        <Skeleton h={88} radius="md" />
        <Skeleton h={88} radius="md" />
      </SimpleGrid>
      <Skeleton h={300} radius="md" />
    </Stack>
  )
}
