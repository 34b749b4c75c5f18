import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { ENDPOINTS } from './all.ts'

const text = readFileSync(path.join(import.meta.dirname, '..', '..', '..', 'docs', 'api.md'), 'utf8')

/** `POST /api/x`, or a path after it in the same row: "`GET /api/x`, `/api/x/{id}`". */
const isListed = (method: string, address: string) =>
  text
    .split('\n')
    .some(
      (row) =>
        row.includes(`\`${method} `) && [`${address}\``, `${address}?`].some((end) => row.includes(end)),
    )

it('docs/api.md lists every endpoint with its method', () => {
  const missing = ENDPOINTS.filter(({ method, path: address }) => !isListed(method, address))
  expect(missing.map(({ method, path: address }) => `${method} ${address}`)).toEqual([])
})
