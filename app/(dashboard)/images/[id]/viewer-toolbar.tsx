'use client'

import { ActionIcon, Group, SegmentedControl, Select, Tooltip } from '@mantine/core'
import {
  IconContrast,
  IconKeyboard,
  IconMaximize,
  IconRefresh,
  IconZoomIn,
  IconZoomOut,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { ViewSettings } from '../view-settings.tsx'
import type { ViewerAction } from './key-action.ts'

const AS_IT_IS = ''

/** What can be done with the image by pointer; each has a key too. */
export function ViewerToolbar(props: {
  settings: ViewSettings
  act: (action: ViewerAction) => void
  seenBy: string | null
  versions: readonly { id: string; label: string }[]
  onSeenBy: (versionId: string | null) => void
}) {
  const { settings, act } = props
  return (
    <Group justify="space-between" gap="xs" mb="xs">
      <Group gap={4} role="group" aria-label="Image">
        <Tool label="Zoom in (+)" onClick={() => act('zoom-in')}>
          <IconZoomIn size={18} aria-hidden />
        </Tool>
        <Tool label="Zoom out (−)" onClick={() => act('zoom-out')}>
          <IconZoomOut size={18} aria-hidden />
        </Tool>
        <Tool label="Fit to screen (0)" onClick={() => act('fit')}>
          <IconMaximize size={18} aria-hidden />
        </Tool>
        <Tool label="Invert (i)" pressed={settings.inverted} onClick={() => act('invert')}>
          <IconContrast size={18} aria-hidden />
        </Tool>
        <Tool label="Reset (r)" onClick={() => act('reset')}>
          <IconRefresh size={18} aria-hidden />
        </Tool>
        <SegmentedControl
          size="xs"
          aria-label="Drag action"
          value={settings.tool}
          onChange={(value) => value !== settings.tool && act('tool')}
          data={[
            { value: 'move', label: 'Pan' },
            { value: 'window', label: 'Window/level' },
          ]}
        />
      </Group>
      <Group gap={4} wrap="nowrap">
        {props.versions.length > 0 && (
          <Select
            size="xs"
            w={230}
            aria-label="Original or model input"
            allowDeselect={false}
            value={props.seenBy ?? AS_IT_IS}
            onChange={(value) => props.onSeenBy(value === AS_IT_IS ? null : value)}
            data={[
              { value: AS_IT_IS, label: 'Original' },
              ...props.versions.map(({ id, label }) => ({ value: id, label: `Model input (${label})` })),
            ]}
          />
        )}
        <Tool label="Keyboard (?)" onClick={() => act('help')}>
          <IconKeyboard size={18} aria-hidden />
        </Tool>
      </Group>
    </Group>
  )
}

function Tool(props: { label: string; pressed?: boolean; onClick: () => void; children: ReactNode }) {
  const pressed = props.pressed === undefined ? {} : { 'aria-pressed': props.pressed }
  return (
    <Tooltip label={props.label} openDelay={400}>
      <ActionIcon
        variant={props.pressed ? 'filled' : 'default'}
        size={30}
        aria-label={props.label}
        onClick={props.onClick}
        {...pressed}
      >
        {props.children}
      </ActionIcon>
    </Tooltip>
  )
}
