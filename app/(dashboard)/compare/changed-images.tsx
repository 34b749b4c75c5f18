import { Grid, GridCol, Table, TableTbody, TableTd, TableTh, TableThead, TableTr, Text } from '@mantine/core'
import { formatCount, formatNumber, formatPoints, formatPValue } from '#app/_format/ratio.ts'
import { Facts } from '#app/_shell/facts.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import type { ModelComparison } from '#lib/model/comparison/schema.ts'
import type { ComparedPair, OUTCOMES } from './compared-filter.ts'
import { ComparedLink } from './compared-link.tsx'

type Outcome = (typeof OUTCOMES)[number]

/** The paired 2 × 2 table, and whether it could be chance. */
export function ChangedImages({ compared, pair }: { compared: ModelComparison; pair: ComparedPair }) {
  const { paired, mcnemar, n, smallestDetectableDifference, versionsKappa } = compared
  const cell = (outcome: Outcome, count: number, says: string) => (
    <TableTd ta="center" py="sm">
      <Text fz={22} fw={650} lh={1.2} className="figures" component="div">
        {count === 0 ? (
          '0'
        ) : (
          <ComparedLink
            pair={pair}
            filter={{ outcome }}
            label={`${formatCount(count)} images ${says}: show them`}
          >
            {formatCount(count)}
          </ComparedLink>
        )}
      </Text>
      <Text size="xs" c="dimmed">
        {says}
      </Text>
    </TableTd>
  )
  return (
    <Panel
      title="What changed"
      description="Number of images by which version is correct. Only disagreements show which is better."
    >
      <Grid gap="xl">
        <GridCol span={{ base: 12, md: 7 }}>
          <Table withTableBorder withColumnBorders layout="fixed">
            <TableThead>
              <TableTr>
                <TableTd />
                <TableTh scope="col" ta="center">
                  Candidate correct
                </TableTh>
                <TableTh scope="col" ta="center">
                  Candidate incorrect
                </TableTh>
              </TableTr>
            </TableThead>
            <TableTbody>
              <TableTr>
                <TableTh scope="row">Baseline correct</TableTh>
                {cell('both-right', paired.bothRight, 'correct in both')}
                {cell('broken', paired.baselineOnly, 'broken')}
              </TableTr>
              <TableTr>
                <TableTh scope="row">Baseline incorrect</TableTh>
                {cell('fixed', paired.candidateOnly, 'fixed')}
                {cell('both-wrong', paired.bothWrong, 'incorrect in both')}
              </TableTr>
            </TableTbody>
          </Table>
        </GridCol>
        <GridCol span={{ base: 12, md: 5 }}>
          <Facts
            facts={[
              ['McNemar, exact', `p ${withSign(formatPValue(mcnemar.exactP))}`],
              ['McNemar, mid-p', `p ${withSign(formatPValue(mcnemar.midP))}`],
              [
                'Minimum detectable difference',
                smallestDetectableDifference === null
                  ? 'unknown: too few disagreements'
                  : `${formatPoints(smallestDetectableDifference)}, at 80% power on ${formatCount(n)} images`,
              ],
              ['Agreement (Cohen’s κ)', formatNumber(versionsKappa)],
            ]}
          />
        </GridCol>
      </Grid>
    </Panel>
  )
}

const withSign = (p: string) => (p.startsWith('<') ? p : `= ${p}`)
