import '#app/_charts/colours.css'
import { Group, TableTd, TableTh, TableTr } from '@mantine/core'
import { classColours } from '#app/_charts/class-colours.ts'
import { nameModality } from '#app/_format/name-modality.ts'
import { DataTable } from '#app/_shell/data-table.tsx'
import { modalityOf } from '#lib/vocabulary/finding-class.ts'

/** The classes of a version in the order of its output. */
export function VersionClasses(props: {
  findingClasses: readonly string[]
  modalities: Readonly<Record<string, string>> | undefined
}) {
  const colours = classColours(props.findingClasses)
  return (
    <DataTable
      label="Finding classes"
      minWidth={260}
      maxHeight={420}
      columns={[{ title: 'Output', right: true, width: 60 }, 'Finding class', 'Modality']}
    >
      {props.findingClasses.map((name, index) => {
        const modality = modalityOf(name, props.modalities)
        return (
          <TableTr key={name}>
            <TableTd ta="right" className="figures">
              {index}
            </TableTd>
            <TableTh scope="row" fw={450} style={{ overflowWrap: 'anywhere' }}>
              <Group gap={8} wrap="nowrap">
                <span
                  aria-hidden="true"
                  style={{
                    width: 10,
                    height: 10,
                    borderRadius: 3,
                    flex: 'none',
                    background: colours.get(name),
                  }}
                />
                {name}
              </Group>
            </TableTh>
            <TableTd style={{ whiteSpace: 'nowrap' }}>{nameModality(modality)}</TableTd>
          </TableTr>
        )
      })}
    </DataTable>
  )
}
