import { Grid, GridCol, Skeleton, Stack } from '@mantine/core'

export default function ImageLoading() {
  return (
    <>
      <Skeleton h={72} mb="lg" maw={520} />
      <Grid gap="md" aria-busy="true">
        <GridCol span={{ base: 12, lg: 8 }}>
          <Skeleton h={30} mb="xs" />
          <Skeleton h={30} mb="xs" />
          <Skeleton h="clamp(300px, 68vh, 860px)" />
        </GridCol>
        <GridCol span={{ base: 12, lg: 4 }}>
          <Stack>
            <Skeleton h={320} />
            <Skeleton h={300} />
          </Stack>
        </GridCol>
      </Grid>
    </>
  )
}
