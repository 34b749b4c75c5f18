import { Stack } from '@mantine/core'
import { PageSection, SectionNav } from '#app/_shell/page-sections.tsx'
import { AccuracyOverVersions } from '#app/(dashboard)/_overview/accuracy-over-versions.tsx'
import { getModelComparison } from '#lib/model/comparison/get-comparison.ts'
import { getHeldOutUse } from '#lib/model/comparison/held-out-use.ts'
import type { ComparableVersion } from '#lib/model/comparison/list-comparable-versions.ts'
import type { ModelComparison } from '#lib/model/comparison/schema.ts'
import { findLatestEvaluations } from '#lib/model/registry/evaluations.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { getService } from '#lib/platform/service/service.ts'
import { CalibrationPanel } from './calibration-panel.tsx'
import { ChangedImages } from './changed-images.tsx'
import { ClassDifferences } from './class-differences.tsx'
import type { CompareQuery } from './compare-query.ts'
import { type ComparedPair, gateQuery } from './compared-filter.ts'
import { ComparedGallery } from './compared-gallery.tsx'
import { ComparisonRefused } from './comparison-refused.tsx'
import { ConfusionChange } from './confusion-change.tsx'
import { GatePanel } from './gate-panel.tsx'
import { LazyTemperaturePanel } from './lazy-temperature-panel.tsx'
import { ModalityDifferences } from './modality-differences.tsx'
import { ShortAnswer } from './short-answer.tsx'
import { SideBySide } from './side-by-side.tsx'
import type { TemperatureSide } from './temperature-panel.tsx'
import { VersionsOnDataset } from './versions-on-dataset.tsx'

const SECTIONS = [
  { id: 'numbers', title: 'Side by side' },
  { id: 'changed', title: 'What changed' },
  { id: 'classes', title: 'Finding classes' },
  { id: 'calibration', title: 'Calibration' },
  { id: 'gate', title: 'Promotion gate' },
  { id: 'versions', title: 'All versions' },
  { id: 'images', title: 'Images' },
]

/** Everything that is said of two versions on the same images. */
export async function Comparison(props: {
  context: Context
  pair: ComparedPair
  gateRules: CompareQuery['gateRules']
  /** All that have been evaluated on the dataset. */
  versions: readonly ComparableVersion[]
  mayLaunch: boolean
}) {
  const { context, pair, gateRules, versions, mayLaunch } = props
  const compared = await compare(context, pair, gateRules)
  const use = await getHeldOutUse(context, pair)
  const gate = gateQuery(gateRules)
  if (compared instanceof ServiceError)
    return (
      <Stack gap="xl">
        <ComparisonRefused refusal={compared} pair={pair} mayLaunch={mayLaunch} />
        <VersionsOnDataset versions={versions} use={use} pair={pair} gate={gate} />
      </Stack>
    )
  const fileName = `${compared.candidate.label}-against-${compared.baseline.label}`.replaceAll(
    /[^\w.-]+/g,
    '-',
  )
  return (
    <div>
      <SectionNav sections={SECTIONS} />
      <Stack gap="xl">
        <ShortAnswer compared={compared} />
        <PageSection id="numbers">
          <Stack gap="md">
            <SideBySide compared={compared} />
            <ModalityDifferences compared={compared} />
          </Stack>
        </PageSection>
        <PageSection id="changed">
          <ChangedImages compared={compared} pair={pair} />
        </PageSection>
        <PageSection id="classes">
          <Stack gap="md">
            <ClassDifferences
              overall={{ n: compared.n, difference: compared.difference, verdict: compared.verdict }}
              classes={compared.findingClasses}
              pair={pair}
              fileName={fileName}
            />
            <ConfusionChange confusion={compared.confusion} />
          </Stack>
        </PageSection>
        <PageSection id="calibration">
          <Stack gap="md">
            <CalibrationPanel
              baseline={{ label: compared.baseline.label, ...compared.calibration.baseline }}
              candidate={{ label: compared.candidate.label, ...compared.calibration.candidate }}
              fileName={fileName}
            />
            <LazyTemperaturePanel sides={await temperatureSides(context, compared, versions)} />
          </Stack>
        </PageSection>
        <PageSection id="gate">
          <GatePanel gate={compared.gate} classes={compared.confusion.classes} />
        </PageSection>
        <PageSection id="versions">
          <Stack gap="md">
            <VersionsOnDataset versions={versions} use={use} pair={pair} gate={gate} />
            {versions.length > 2 && <AccuracyOverVersions versions={drawnVersions(versions, pair.dataset)} />}
          </Stack>
        </PageSection>
        <ComparedGallery
          pair={pair}
          labels={{ baseline: compared.baseline.label, candidate: compared.candidate.label }}
          runs={`${compared.baseline.evaluationRunId} ${compared.candidate.evaluationRunId}`}
          classes={compared.findingClasses.filter(({ n }) => n > 0).map(({ findingClass }) => findingClass)}
          modalities={compared.modalities.map(({ modality }) => modality)}
          paired={compared.paired}
        />
      </Stack>
    </div>
  )
}

/** More would not be told apart. */
const DRAWN_VERSIONS = 20

/** The newest versions, the oldest of them first. */
function drawnVersions(newestFirst: readonly ComparableVersion[], dataset: string) {
  return newestFirst
    .slice(0, DRAWN_VERSIONS)
    .map((version) => ({ ...version, dataset, n: version.accuracy.n }))
    .toReversed()
}

/** Each version with its latest runs on other datasets. */
async function temperatureSides(
  { db }: Context,
  { baseline, candidate, dataset }: ModelComparison,
  versions: readonly ComparableVersion[],
): Promise<TemperatureSide[]> {
  const sides = [baseline, candidate]
  const latest = await findLatestEvaluations(
    db,
    sides.map(({ modelVersionId }) => modelVersionId),
  )
  return sides.map(({ modelVersionId, label, evaluationRunId }) => ({
    modelVersionId,
    label,
    evaluationRunId,
    imported: versions.find((each) => each.modelVersionId === modelVersionId)?.sizeBytes === null,
    others: (latest.get(modelVersionId) ?? [])
      .filter((other) => other.dataset !== dataset)
      .map((other) => ({ evaluationRunId: other.evaluationRunId, dataset: other.dataset })),
  }))
}

async function compare(
  context: Context,
  pair: ComparedPair,
  gateRules: CompareQuery['gateRules'],
): Promise<ModelComparison | ServiceError> {
  try {
    return await getModelComparison(context, getService().settings.gate, { ...pair, gateRules })
  } catch (error) {
    if (error instanceof ServiceError) return error
    throw error
  }
}
