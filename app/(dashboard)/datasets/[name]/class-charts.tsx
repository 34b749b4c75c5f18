'use client'

import { SimpleGrid, Skeleton } from '@mantine/core'
import dynamic from 'next/dynamic'
import { ChartFrame } from '#app/_charts/chart-frame.tsx'
import { classColours } from '#app/_charts/class-colours.ts'
import { formatCount, formatNumber, formatRatio, UNDEFINED_NUMBER } from '#app/_format/ratio.ts'
import type { FindingClassCount } from '#lib/data/dataset/schema.ts'

const BAR_PX = 34
const AXIS_PX = 40

const ClassBars = dynamic(() => import('./class-bars.tsx'), {
  ssr: false,
  loading: () => <Skeleton h={200} />,
})

/** How many images and patients each finding class has. */
export function ClassCharts(props: {
  dataset: string
  findingClasses: readonly FindingClassCount[]
  patientsKnown: boolean
  /** Else images per patient cannot be told from these counts. */
  allNamePatients: boolean
}) {
  const classes = props.findingClasses.toSorted((a, b) => b.images - a.images)
  const total = classes.reduce((sum, { images }) => sum + images, 0)
  const colours = classColours(classes.map(({ findingClass }) => findingClass))
  const height = classes.length * BAR_PX + AXIS_PX
  const colourOf = (findingClass: string) => colours.get(findingClass) ?? 'var(--chart-neutral)'
  const perPatient = (each: FindingClassCount) =>
    props.allNamePatients && each.patients > 0 ? each.images / each.patients : null
  return (
    <SimpleGrid cols={{ base: 1, lg: props.patientsKnown ? 2 : 1 }}>
      <ChartFrame
        title="Images by finding class"
        fileName={`${props.dataset}-images-by-finding-class`}
        table={{
          columns: ['Finding class', 'Images', 'Share'],
          rows: classes.map(({ findingClass, images }) => [
            findingClass,
            images,
            formatRatio(images / total),
          ]),
        }}
      >
        <ClassBars
          height={height}
          bars={classes.map(({ findingClass, images }) => ({
            findingClass,
            value: images,
            colour: colourOf(findingClass),
            lines: [`${formatCount(images)} images`, `${formatRatio(images / total)} of all`],
          }))}
        />
      </ChartFrame>
      {props.patientsKnown && (
        <ChartFrame
          title="Patients by finding class"
          description="A patient with images in several classes counts in each."
          fileName={`${props.dataset}-patients-by-finding-class`}
          table={{
            columns: ['Finding class', 'Patients', 'Images per patient'],
            rows: classes.map((each) => [
              each.findingClass,
              each.patients,
              perPatient(each) === null ? UNDEFINED_NUMBER : formatNumber(perPatient(each), 1),
            ]),
          }}
        >
          <ClassBars
            height={height}
            bars={classes.map((each) => ({
              findingClass: each.findingClass,
              value: each.patients,
              colour: colourOf(each.findingClass),
              lines: [
                `${formatCount(each.patients)} patients`,
                `${formatNumber(perPatient(each), 1)} images per patient`,
              ],
            }))}
          />
        </ChartFrame>
      )}
    </SimpleGrid>
  )
}
