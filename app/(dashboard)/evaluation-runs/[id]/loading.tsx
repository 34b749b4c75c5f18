import { SimpleGrid, Skeleton, Stack } from '@mantine/core'

const CARDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']

/** The shape of the page while it is made. */
export default function Loading() {
  return (
    <Stack gap="xl" aria-busy="true" aria-label="Loading the evaluation">
      <Stack gap="xs">
        <Skeleton h={14} w={90} />
        <Skeleton h={32} w="min(24rem, 80%)" />
        <Skeleton h={18} w="min(20rem, 60%)" />
      </Stack>
      <Skeleton h={110} />
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} spacing="sm">
        {CARDS.map((card) => (
          <Skeleton key={card} h={112} />
        ))}
      </SimpleGrid>
      <Skeleton h={420} />
      <Skeleton h={420} />
    </Stack>
  )
}
