import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

/**
 * How to sign in to a demo, for the operator's terminal; nothing where people have accounts of their own.
 * @param {{ dataDir: string, demo: string }} settings
 * @returns {string[]} lines
 */
export function demoAccounts({ dataDir, demo }) {
  const file = path.join(dataDir, 'demo-credentials.json')
  if (demo === 'off' || !existsSync(file)) return []
  const { users } = JSON.parse(readFileSync(file, 'utf8'))
  const width = Math.max(...users.map(({ email }) => email.length))
  return [
    `This is a demo. Sign in with one of its accounts (they are also in ${file}):`,
    ...users.map(({ email, password }) => `  ${email.padEnd(width)}  ${password}`),
  ]
}
