import { Alert, Paper, SimpleGrid, Stack, Text } from '@mantine/core'
import { Instant } from '#app/_format/instant.tsx'
import { formatCount } from '#app/_format/ratio.ts'
import { EmptyState } from '#app/_shell/empty-state.tsx'
import { TextLink } from '#app/_shell/links.tsx'
import type { DatasetView } from '#lib/data/dataset/schema.ts'
import { pageOfDataset } from '#lib/delivery/search/page-address.ts'
import { ClassCharts } from './class-charts.tsx'

/** What the dataset's newest ready snapshot holds. */
export function OverviewView({ dataset }: { dataset: DatasetView }) {
  if (dataset.readySnapshot === null)
    return (
      <EmptyState title={dataset.scan === null ? 'No snapshot yet' : 'First scan in progress'}>
        Images, finding classes and patients appear here after the first scan.
      </EmptyState>
    )
  return (
    <Stack>
      {dataset.warnings.map(({ code, message }) => (
        <Alert key={code} color="orange" title="Patients" role="status">
          <span style={{ overflowWrap: 'anywhere' }}>{message}</span>
        </Alert>
      ))}
      <Headline dataset={dataset} />
      <ClassCharts
        dataset={dataset.name}
        findingClasses={dataset.findingClasses}
        patientsKnown={dataset.patients > 0}
        allNamePatients={dataset.imagesWithoutPatient === 0}
      />
    </Stack>
  )
}

function Headline({ dataset }: { dataset: DatasetView }) {
  const { imagesPerPatient, lastSnapshot, readySnapshot } = dataset
  const patients =
    imagesPerPatient === null
      ? dataset.patientPattern === null
        ? 'No patient pattern'
        : 'No file name matches the pattern'
      : `${formatCount(imagesPerPatient.min)} to ${formatCount(imagesPerPatient.max)} images each, median ${formatCount(imagesPerPatient.median)}`
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }}>
      <Figure label="Images" value={formatCount(dataset.images)}>
        in {formatCount(dataset.findingClasses.length)} finding{' '}
        {dataset.findingClasses.length === 1 ? 'class' : 'classes'}
      </Figure>
      <Figure label="Patients" value={formatCount(dataset.patientPattern === null ? null : dataset.patients)}>
        {patients}
        {imagesPerPatient !== null && dataset.imagesWithoutPatient > 0 && (
          <>; {formatCount(dataset.imagesWithoutPatient)} without patient ID</>
        )}
      </Figure>
      <Figure label="Skipped files" value={formatCount(lastSnapshot?.skippedCount)}>
        {(lastSnapshot?.skippedCount ?? 0) > 0 ? (
          <TextLink href={`${pageOfDataset(dataset.name)}?view=skipped`} size="sm">
            Causes and fixes
          </TextLink>
        ) : (
          'No files skipped'
        )}
      </Figure>
      <Figure label="Snapshot" value={<Instant at={readySnapshot?.finishedAt?.toISOString()} />}>
        {lastSnapshot?.id === readySnapshot?.id ? 'Latest' : 'Latest ready'}
      </Figure>
    </SimpleGrid>
  )
}

function Figure(props: { label: string; value: React.ReactNode; children: React.ReactNode }) {
  return (
    <Paper withBorder p="md">
      <Text size="sm" c="dimmed">
        {props.label}
      </Text>
      <Text fz={22} fw={650} lh={1.4} className="figures">
        {props.value}
      </Text>
      <Text size="sm" c="dimmed" component="div" className="figures">
        {props.children}
      </Text>
    </Paper>
  )
}
