import path from 'node:path'
import { Alert, Code } from '@mantine/core'
import type { FirstAccess } from '#lib/platform/auth/find-first-access.ts'
import { credentialsPath } from '#lib/platform/auth/write-first-credentials.ts'
import classes from '../open-frame.module.css'

/** How a new user gets in; nothing once users have accounts. */
export function FirstAccessHint({ access, dataDir }: { access: FirstAccess; dataDir: string }) {
  if (access === 'demo-credentials')
    return (
      <Alert color="reader" variant="light" title="Demo">
        There is one account per role. E-mail addresses and passwords are on the server, in{' '}
        <Code className={classes.file ?? ''}>{shownPath(credentialsPath(dataDir))}</Code>
      </Alert>
    )
  if (access === 'setup-link')
    return (
      <Alert color="reader" variant="light" title="No accounts yet">
        Open the setup link to create the first administrator. The service printed it at start; it is valid
        for one hour, and each start prints a new one.
      </Alert>
    )
  return null
}

/** As an operator in the service's folder would type it. */
function shownPath(file: string): string {
  const relative = path.relative(process.cwd(), file)
  return relative.startsWith('..') ? file : relative
}
