'use client'

import { Group, Stack, Text } from '@mantine/core'
import { ProbabilityBars } from '#app/_charts/probability-bars.tsx'
import { formatProbability } from '#app/_format/probability.ts'
import { TextLink } from '#app/_shell/links.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import { pageOfImage, pageOfModelVersion } from '#lib/delivery/search/page-address.ts'
import type { DatasetImage, Links, Shown } from './trial.ts'

/** The predicted class, and the probability of every class. */
export function Prediction({ shown, may }: { shown: Shown; may: Links }) {
  const { trial, version, reply } = shown
  const { findingClasses, probabilities, predictedClass } = reply
  const probability = probabilities[findingClasses.indexOf(predictedClass)] ?? null
  return (
    <Panel
      title="Prediction"
      description={
        <>
          By{' '}
          {may.openVersion ? (
            <TextLink
              href={pageOfModelVersion(version.id)}
              underline="always"
              style={{ overflowWrap: 'anywhere' }}
            >
              {version.label}
            </TextLink>
          ) : (
            version.label
          )}
          . It always picks one of its {findingClasses.length} classes, even for an unsuitable image.
        </>
      }
    >
      <Stack gap="sm">
        <Group justify="space-between" align="baseline" gap="xs">
          <Text fw={650} fz="xl" lh={1.25} style={{ overflowWrap: 'anywhere', minWidth: 0 }}>
            {predictedClass}
          </Text>
          <Text fw={650} fz="xl" lh={1.25} className="figures">
            {formatProbability(probability)}
          </Text>
        </Group>
        {trial.from !== null && <Reference image={trial.from} predictedClass={predictedClass} />}
        <ProbabilityBars
          findingClasses={findingClasses}
          probabilities={probabilities}
          predictedClass={predictedClass}
          {...(trial.from === null ? {} : { referenceClass: trial.from.findingClass })}
          label={`Probabilities by ${version.label}`}
        />
      </Stack>
    </Panel>
  )
}

/** An image of a dataset has a reference class; its copy is a PNG of the pixels as people see them. */
function Reference({ image, predictedClass }: { image: DatasetImage; predictedClass: string }) {
  return (
    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
      {image.findingClass === predictedClass ? 'Correct' : 'Incorrect'}: the reference class of{' '}
      <TextLink href={pageOfImage(image.id)} size="sm" underline="always">
        {image.name}
      </TextLink>{' '}
      in {image.dataset} is <strong>{image.findingClass}</strong>. An upright copy without metadata was used.
    </Text>
  )
}
