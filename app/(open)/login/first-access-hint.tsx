import path from 'node:path'
import { Alert, Code } from '@mantine/core'
import type { FirstAccess } from '#lib/platform/auth/find-first-access.ts'
import { credentialsPath } from '#lib/platform/auth/write-first-credentials.ts'
import classes from '../open-frame.module.css'

/** How somebody who never was here gets in; nothing where people have accounts of their own. */
export function FirstAccessHint({ access, dataDir }: { access: FirstAccess; dataDir: string }) {
  if (access === 'demo-credentials')
    return (
      <Alert color="reader" variant="light" title="This is a demo">
        There is one account for each role. Their addresses and passwords are on the machine of this service,
        in the file <Code className={classes.file ?? ''}>{shownPath(credentialsPath(dataDir))}</Code>
      </Alert>
    )
  if (access === 'setup-link')
    return (
      <Alert color="reader" variant="light" title="Nobody has an account yet">
        Open the setup link to become the first administrator. The service has printed it where it was
        started; it holds for one hour, and every start prints a new one.
      </Alert>
    )
  return null
}

/** As somebody in the folder of the service would type it. */
function shownPath(file: string): string {
  const relative = path.relative(process.cwd(), file)
  return relative.startsWith('..') ? file : relative
}
