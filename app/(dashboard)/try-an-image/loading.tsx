import { Grid, GridCol, Skeleton } from '@mantine/core'

export default function TryAnImageLoading() {
  return (
    <>
      <Skeleton h={88} mb="lg" maw={640} />
      <Grid gap="md" aria-busy="true">
        <GridCol span={{ base: 12, md: 4 }}>
          <Skeleton h={78} />
        </GridCol>
        <GridCol span={{ base: 12, md: 8 }}>
          <Skeleton h={280} />
        </GridCol>
      </Grid>
    </>
  )
}
