import { Badge, Group, SimpleGrid, Text } from '@mantine/core'
import { ProbabilityBars } from '#app/_charts/probability-bars.tsx'
import { explainImageError } from '#app/_format/explain-image-error.ts'
import { formatProbability } from '#app/_format/probability.ts'
import { TextLink } from '#app/_shell/links.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import { pageOfEvaluationRun, pageOfModelVersion } from '#lib/delivery/search/page-address.ts'
import type { ImagePrediction } from '#lib/model/evaluation-result/schema.ts'

/** What model versions made of the image, in the order given. */
export function ImagePredictions(props: {
  title: string
  description: string
  predictions: readonly ImagePrediction[]
  referenceClass: string
  /** How many stand beside each other where there is room. */
  columns?: number
}) {
  return (
    <Panel title={props.title} description={props.description}>
      {props.predictions.length === 0 ? (
        <Text c="dimmed" size="sm">
          No version has been evaluated on this image.
        </Text>
      ) : (
        <SimpleGrid cols={{ base: 1, sm: props.columns ?? 1 }} spacing="lg">
          {props.predictions.map((prediction) => (
            <Prediction
              key={prediction.modelVersionId}
              prediction={prediction}
              referenceClass={props.referenceClass}
            />
          ))}
        </SimpleGrid>
      )}
    </Panel>
  )
}

function Prediction({ prediction, referenceClass }: { prediction: ImagePrediction; referenceClass: string }) {
  const { probabilities, predictedClass, versionLabel } = prediction
  return (
    <section aria-label={versionLabel}>
      <Group justify="space-between" gap="xs" mb={4}>
        <TextLink href={pageOfModelVersion(prediction.modelVersionId)} fw={600}>
          {versionLabel}
        </TextLink>
        <Group gap="xs">
          <Outcome correct={prediction.correct} />
          <TextLink href={pageOfEvaluationRun(prediction.evaluationRunId)} size="sm">
            Evaluation
          </TextLink>
        </Group>
      </Group>
      {probabilities !== null && predictedClass !== null ? (
        <>
          <Text size="sm" mb="xs">
            Predicts <strong>{predictedClass}</strong> with confidence{' '}
            <span className="figures">{formatProbability(prediction.confidence)}</span>
          </Text>
          <ProbabilityBars
            findingClasses={prediction.findingClasses}
            probabilities={probabilities}
            predictedClass={predictedClass}
            referenceClass={referenceClass}
            label={`Probabilities by ${versionLabel}`}
          />
        </>
      ) : (
        <NoPrediction code={prediction.code} message={prediction.message} />
      )}
    </section>
  )
}

function Outcome({ correct }: { correct: boolean | null }) {
  const [word, colour] =
    correct === null ? ['no prediction', 'gray'] : correct ? ['correct', 'teal'] : ['incorrect', 'orange']
  return (
    <Badge variant="light" color={colour} tt="none" fw={600} autoContrast>
      {word}
    </Badge>
  )
}

function NoPrediction({ code, message }: { code: string | null; message: string | null }) {
  const { reason, remedy } = explainImageError(code ?? 'READ_FAILED')
  return (
    <Text size="sm">
      {reason} {remedy}
      {message !== null && (
        <Text span inherit c="dimmed">
          {' '}
          Details: {message}
        </Text>
      )}
    </Text>
  )
}
