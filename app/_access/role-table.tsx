import { Table, TableScrollContainer, TableTbody, TableTd, TableTh, TableThead, TableTr } from '@mantine/core'
import { Panel } from '#app/_shell/panel.tsx'
import { PERMISSIONS, type Permission, ROLES } from '#lib/platform/permissions.ts'
import { permissionName, ROLE_NAMES } from './role-names.ts'

/** Role permissions: the very table that the server's guard reads. */
export function RoleTable() {
  return (
    <Panel
      title="Role permissions"
      description="A user with several roles has the permissions of all of them."
    >
      <TableScrollContainer minWidth={640}>
        <Table aria-label="Role permissions">
          <TableThead>
            <TableTr>
              <TableTh>Permission</TableTh>
              {ROLES.map((role) => (
                <TableTh key={role} ta="center">
                  {ROLE_NAMES[role]}
                </TableTh>
              ))}
            </TableTr>
          </TableThead>
          <TableTbody>
            {(Object.keys(PERMISSIONS) as Permission[]).map((permission) => (
              <Row key={permission} permission={permission} />
            ))}
          </TableTbody>
        </Table>
      </TableScrollContainer>
    </Panel>
  )
}

function Row({ permission }: { permission: Permission }) {
  const holders: readonly string[] = PERMISSIONS[permission]
  return (
    <TableTr>
      <TableTh scope="row" fw={400}>
        {permissionName(permission)}
      </TableTh>
      {ROLES.map((role) => (
        <TableTd key={role} ta="center">
          {holders.includes(role) ? 'yes' : <span aria-hidden="true">–</span>}
          {!holders.includes(role) && <span className="visually-hidden">no</span>}
        </TableTd>
      ))}
    </TableTr>
  )
}
