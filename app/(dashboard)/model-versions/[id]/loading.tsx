import { Grid, GridCol, Skeleton, Stack } from '@mantine/core'

export default function ModelVersionLoading() {
  return (
    <>
      <Skeleton h={88} maw={520} mb="lg" />
      <Grid gap="md" aria-busy="true">
        <GridCol span={{ base: 12, lg: 7 }}>
          <Stack>
            <Skeleton h={220} />
            <Skeleton h={380} />
          </Stack>
        </GridCol>
        <GridCol span={{ base: 12, lg: 5 }}>
          <Stack>
            <Skeleton h={160} />
            <Skeleton h={240} />
            <Skeleton h={200} />
          </Stack>
        </GridCol>
      </Grid>
    </>
  )
}
