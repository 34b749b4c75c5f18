'use client'

import { Group, Kbd, Modal, Stack, Switch, Table, Text } from '@mantine/core'
import { SHORTCUTS } from './key-action.ts'

/** Which keys do what; users of speech input can switch them off. */
export function ShortcutHelp(props: {
  opened: boolean
  close: () => void
  enabled: boolean
  setEnabled: (enabled: boolean) => void
}) {
  return (
    <Modal opened={props.opened} onClose={props.close} title="Keyboard and mouse">
      <Stack>
        <Table highlightOnHover={false} withRowBorders={false}>
          <Table.Tbody>
            {SHORTCUTS.map(({ keys, does }) => (
              <Table.Tr key={does}>
                <Table.Th scope="row" fw={400} w={150}>
                  <Group gap={4} wrap="nowrap">
                    {keys.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </Group>
                </Table.Th>
                <Table.Td>{does}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Text size="sm" c="dimmed">
          Scroll to zoom, double-click to reset. Drag with the right button to change window and level.
        </Text>
        <Switch
          label="Single-key shortcuts"
          checked={props.enabled}
          onChange={(event) => props.setEnabled(event.currentTarget.checked)}
        />
      </Stack>
    </Modal>
  )
}
