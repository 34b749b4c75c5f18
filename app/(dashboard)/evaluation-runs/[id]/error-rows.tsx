import { TableTd, TableTr, Text } from '@mantine/core'
import { explainImageError } from '#app/_format/explain-image-error.ts'
import { formatCount } from '#app/_format/ratio.ts'
import { DataTable } from '#app/_shell/data-table.tsx'
import { TextLink } from '#app/_shell/links.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import { listPredictions } from '#lib/model/evaluation-result/list-predictions.ts'
import type { RunPrediction } from '#lib/model/evaluation-result/schema.ts'
import type { Context } from '#lib/platform/context.ts'
import { EVERY_IMAGE, imageAddress, imageFilterQuery } from './image-filter.ts'
import { ImagesLink } from './images-link.tsx'

const LISTED = 200
/** Of one kind; the others are one press away. */
const NAMED = 5

/** The images that could not be evaluated, by reason, with what to do about it. */
export async function ErrorRows(props: {
  context: Pick<Context, 'db'>
  runId: string
  classes: readonly string[]
  errors: number
}) {
  const { context, runId, errors } = props
  const rows = await listPredictions(context, { id: runId, outcome: 'error', take: LISTED })
  const query = imageFilterQuery(props.classes, { ...EVERY_IMAGE, outcome: 'error' })
  return (
    <Panel
      title="Images without a prediction"
      description={
        errors > rows.length
          ? `${formatCount(errors)} images could not be evaluated and are excluded from all metrics; the first ${LISTED}.`
          : `${formatCount(errors)} ${errors === 1 ? 'image' : 'images'} could not be evaluated and ${errors === 1 ? 'is' : 'are'} excluded from all metrics.`
      }
      actions={<ImagesLink filter={{ outcome: 'error' }}>Show all</ImagesLink>}
    >
      <DataTable label="Images without a prediction" minWidth={560} columns={['Cause', 'Fix', 'Images']}>
        <Rows rows={rows} runId={runId} query={query} />
      </DataTable>
    </Panel>
  )
}

function Rows({ rows, runId, query }: { rows: RunPrediction[]; runId: string; query: string }) {
  const byCode = Map.groupBy(rows, ({ code }) => code ?? 'UNKNOWN')
  return (
    <>
      {[...byCode].map(([code, images]) => {
        const { reason, remedy } = explainImageError(code)
        return (
          <TableTr key={code} style={{ verticalAlign: 'top' }}>
            <TableTd>
              {reason}
              <Text size="xs" c="dimmed">
                {code}
              </Text>
            </TableTd>
            <TableTd>{remedy}</TableTd>
            <TableTd>
              {images.slice(0, NAMED).map(({ imageId, imageKey }) => (
                <div key={imageId}>
                  <TextLink
                    href={imageAddress(imageId, runId, query)}
                    size="sm"
                    style={{ overflowWrap: 'anywhere' }}
                  >
                    {imageKey}
                  </TextLink>
                </div>
              ))}
              {images.length > NAMED && (
                <Text size="xs" c="dimmed">
                  and {formatCount(images.length - NAMED)} more
                </Text>
              )}
            </TableTd>
          </TableTr>
        )
      })}
    </>
  )
}
