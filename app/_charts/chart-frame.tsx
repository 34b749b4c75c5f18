'use client'

import './colours.css'
import { ActionIcon, Group, Menu, SegmentedControl } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { type ReactNode, useRef, useState } from 'react'
import { Panel } from '#app/_shell/panel.tsx'
import { ChartTable, type ChartTableData, NumbersTable, tableAsText } from './chart-table.tsx'
import { downloadChart, downloadText } from './download-chart.ts'

/**
 * A chart with its title, its numbers as a table (for screen readers, for copying), and downloads of both. The table
 * is there for a screen reader even while the chart is shown.
 */
export function ChartFrame(props: {
  title: string
  description?: ReactNode
  table: ChartTableData
  /** The file's name without its ending. */
  fileName: string
  actions?: ReactNode
  children: ReactNode
}) {
  const [view, setView] = useState<'chart' | 'table'>('chart')
  const chart = useRef<HTMLDivElement>(null)
  const asTable = view === 'table'
  return (
    <Panel
      title={props.title}
      description={props.description}
      actions={
        <Group gap="xs">
          {props.actions}
          <SegmentedControl
            size="xs"
            value={view}
            onChange={(value) => setView(value === 'table' ? 'table' : 'chart')}
            data={[
              { value: 'chart', label: 'Chart' },
              { value: 'table', label: 'Table' },
            ]}
            aria-label={`${props.title}: chart or table`}
          />
          <DownloadMenu
            title={props.title}
            drawn={!asTable}
            onSvg={() => void downloadChart(chart.current, props.fileName, 'svg')}
            onPng={() => void downloadChart(chart.current, props.fileName, 'png')}
            onCsv={() => downloadText(tableAsText(props.table), `${props.fileName}.csv`, 'text/csv')}
          />
        </Group>
      }
    >
      {asTable ? (
        <ChartTable table={props.table} caption={props.title} />
      ) : (
        <>
          <div ref={chart} aria-hidden="true">
            {props.children}
          </div>
          <div className="visually-hidden">
            <NumbersTable table={props.table} caption={props.title} />
          </div>
        </>
      )}
    </Panel>
  )
}

function DownloadMenu(props: {
  title: string
  drawn: boolean
  onSvg: () => void
  onPng: () => void
  onCsv: () => void
}) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Download: ${props.title}`}>
          <IconDownload size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {props.drawn && <Menu.Item onClick={props.onPng}>Picture (PNG)</Menu.Item>}
        {props.drawn && <Menu.Item onClick={props.onSvg}>Drawing (SVG)</Menu.Item>}
        <Menu.Item onClick={props.onCsv}>Numbers (CSV)</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
