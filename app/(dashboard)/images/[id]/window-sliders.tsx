'use client'

import { Group, Slider, Text } from '@mantine/core'
import { LEVEL_RANGE, WINDOW_RANGE, type WindowLevel } from '../window-level.ts'

/** Contrast and brightness as radiology names them, by slider. */
export function WindowSliders(props: { window: WindowLevel; change: (window: WindowLevel) => void }) {
  const { window, change } = props
  return (
    <Group gap="lg" mt="xs" grow preventGrowOverflow={false}>
      <Labelled name="Window" means="range of grey levels: narrower gives more contrast">
        <Slider
          size="sm"
          thumbLabel="Window: range of grey levels"
          {...WINDOW_RANGE}
          value={window.width}
          onChange={(width) => change({ ...window, width })}
        />
      </Labelled>
      <Labelled name="Level" means="centre of the range: lower is brighter">
        <Slider
          size="sm"
          thumbLabel="Level: centre of the range"
          {...LEVEL_RANGE}
          value={window.level}
          onChange={(level) => change({ ...window, level })}
        />
      </Labelled>
    </Group>
  )
}

function Labelled(props: { name: string; means: string; children: React.ReactNode }) {
  return (
    <div style={{ minWidth: 200, flex: 1 }}>
      <Text size="xs">
        {props.name}{' '}
        <Text span inherit c="dimmed">
          {props.means}
        </Text>
      </Text>
      {props.children}
    </div>
  )
}
