import { Text } from '@mantine/core'
import { Panel } from '#app/_shell/panel.tsx'
import { listPredictions } from '#lib/model/evaluation-result/list-predictions.ts'
import type { Context } from '#lib/platform/context.ts'
import { galleryItem } from './gallery-item.ts'
import { EVERY_IMAGE, imageAddress, imageFilterQuery } from './image-filter.ts'
import { ImageStrip, ImageTile } from './image-strip.tsx'
import { ImagesLink } from './images-link.tsx'

const SHOWN = 12

/** The mistakes of which the model was surest: what no threshold on confidence would catch. */
export async function ConfidentErrors(props: {
  context: Pick<Context, 'db'>
  runId: string
  classes: readonly string[]
}) {
  const { context, runId } = props
  const filter = { outcome: 'wrong', sort: 'confidence-desc' } as const
  const predictions = await listPredictions(context, { id: runId, ...filter, take: SHOWN })
  const query = imageFilterQuery(props.classes, { ...EVERY_IMAGE, ...filter })
  return (
    <Panel
      title="Most confident errors"
      description="Incorrect with the highest confidence. Check these first: for model weaknesses and wrong labels."
      actions={predictions.length > 0 && <ImagesLink filter={filter}>All errors</ImagesLink>}
    >
      {predictions.length === 0 ? (
        <Text c="dimmed">No errors.</Text>
      ) : (
        <ImageStrip>
          {predictions.map((prediction) => {
            const item = galleryItem(prediction, imageAddress(prediction.imageId, runId, query))
            return (
              <li key={item.id}>
                <ImageTile {...item} />
              </li>
            )
          })}
        </ImageStrip>
      )}
    </Panel>
  )
}
