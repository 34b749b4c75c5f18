'use client'

import { ActionIcon, Anchor, Popover, Stack, Text } from '@mantine/core'
import { IconHelp } from '@tabler/icons-react'

/** A "?" that says what a number means: by pointer, by keyboard, by touch. */
export function Explain(props: {
  title: string
  children: string
  /** How the interval was made, and the like. */
  detail?: string | undefined
  /** The part of the page that says more. */
  moreHref?: string
}) {
  return (
    <Popover width={300} position="bottom" withArrow shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="xs"
          aria-label={`What does “${props.title}” mean?`}
          data-print="no"
        >
          <IconHelp size={14} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={props.title} tabIndex={-1} data-autofocus>
        <Stack gap={6}>
          <Text size="sm">{props.children}</Text>
          {props.detail !== undefined && (
            <Text size="xs" c="dimmed">
              {props.detail}
            </Text>
          )}
          {props.moreHref !== undefined && (
            <Anchor href={props.moreHref} size="sm">
              Formula and range
            </Anchor>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
