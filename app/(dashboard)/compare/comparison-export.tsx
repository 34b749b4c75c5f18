'use client'

import { Button } from '@mantine/core'
import { IconPrinter } from '@tabler/icons-react'
import { ExportMenu } from '#app/_charts/export-menu.tsx'
import { type ComparedPair, pairQuery } from './compared-filter.ts'

/** The comparison as files, and on paper. `gate`: the rules that the page shows, as a query. */
export function ComparisonExport({ pair, gate }: { pair: ComparedPair; gate: string }) {
  const query = pairQuery(pair)
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconPrinter size={16} aria-hidden />}
        onClick={() => window.print()}
      >
        Print
      </Button>
      <ExportMenu
        files={[
          {
            title: 'Metrics (JSON)',
            address: `/api/model-comparisons?${query}${gate}`,
            accept: 'application/json',
            fileName: 'comparison.json',
          },
          {
            title: 'Images (CSV)',
            address: `/api/model-comparisons/images?${query}`,
            accept: 'text/csv',
            fileName: 'compared-images.csv',
          },
        ]}
      />
    </>
  )
}
