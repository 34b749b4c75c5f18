'use client'

import { Kbd, Modal, Table } from '@mantine/core'

const KEYS: readonly { keys: readonly string[]; does: string }[] = [
  { keys: ['Ctrl', 'K'], does: 'Search pages, versions, evaluations, datasets, images' },
  { keys: ['?'], does: 'Show this help' },
  { keys: ['Tab'], does: 'Next control; Shift+Tab goes back' },
  { keys: ['←', '↑', '→', '↓'], does: 'In a gallery: move; on an image: previous and next image' },
  { keys: ['Home', 'End'], does: 'In a gallery: first and last image' },
  { keys: ['Enter'], does: 'Open the selected item' },
  { keys: ['+', '-', '0'], does: 'On an image: zoom in, zoom out, fit' },
  { keys: ['I'], does: 'On an image: invert' },
  { keys: ['R'], does: 'On an image: reset window and level' },
]

/** Which keys do what, everywhere. */
export function KeyboardHelp({ opened, close }: { opened: boolean; close: () => void }) {
  return (
    <Modal opened={opened} onClose={close} title="Keyboard" size="lg">
      <Table>
        <Table.Tbody>
          {KEYS.map(({ keys, does }) => (
            <Table.Tr key={does}>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>
                {keys.map((key) => (
                  <Kbd key={key} mr={4}>
                    {key}
                  </Kbd>
                ))}
              </Table.Td>
              <Table.Td>{does}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  )
}
