import { Alert, Text } from '@mantine/core'
import { TextLink } from '#app/_shell/links.tsx'
import type { DatasetView } from '#lib/data/dataset/schema.ts'
import { pageOfDataset } from '#lib/delivery/search/page-address.ts'
import { explainScanFailure } from '../scan-failure.ts'
import { ScanProgress } from '../scan-progress.tsx'
import { AllowConflicts } from './_actions/allow-conflicts.tsx'

/** A scan under way, or why the last one failed and what can be done; nothing where all is well. */
export function ScanState({ dataset, mayWrite }: { dataset: DatasetView; mayWrite: boolean }) {
  const { scan, lastSnapshot, readySnapshot } = dataset
  if (scan !== null)
    return (
      <Alert color="blue" mb="md" title="Scan in progress" role="status">
        <ScanProgress scan={scan} />
        {readySnapshot !== null && (
          <Text size="sm" mt={4}>
            This page shows the previous snapshot until the scan is done.
          </Text>
        )}
      </Alert>
    )
  if (lastSnapshot?.status !== 'failed') return null
  const conflicts = dataset.skipped.filter(({ code }) => code === 'LABEL_CONFLICT').length
  return (
    <Alert color="red" mb="md" title="The last scan failed" role="alert">
      <Text size="sm">{explainScanFailure(lastSnapshot)}</Text>
      {readySnapshot !== null && (
        <Text size="sm" mt={4}>
          This page shows the last ready snapshot.
        </Text>
      )}
      {lastSnapshot.failureCode === 'LABEL_CONFLICT' && (
        <>
          <Text size="sm" mt={4}>
            <TextLink href={`${pageOfDataset(dataset.name)}?view=skipped&code=LABEL_CONFLICT`} size="sm">
              {conflicts === 1 ? 'See the file' : `See the ${conflicts} files`}
            </TextLink>
            , move each image to the correct folder and scan again.
          </Text>
          {mayWrite && <AllowConflicts dataset={dataset.name} />}
        </>
      )}
    </Alert>
  )
}
