import { createHmac, timingSafeEqual } from 'node:crypto'
import { ServiceError } from './errors.ts'

/** A row's place in a list's order: the values of its sort columns. */
export type Position = readonly (string | number | null)[]

/**
 * Cursors are signed and bound to a scope (actor, address, filters): one that was changed, made up, or taken from
 * another list is refused, so a position that is read back has the shape that was written.
 */
export function writeCursor(secret: string, scope: string, position: Position): string {
  const payload = Buffer.from(JSON.stringify(position)).toString('base64url')
  return `${payload}.${signature(secret, scope, payload)}`
}

export function readCursor(secret: string, scope: string, cursor: string): Position {
  const [payload = '', given = '', ...rest] = cursor.split('.')
  const wanted = Buffer.from(signature(secret, scope, payload))
  const signed = Buffer.from(given)
  if (rest.length > 0 || signed.length !== wanted.length || !timingSafeEqual(signed, wanted))
    throw new ServiceError(
      'BAD_REQUEST',
      'This cursor does not belong to this list: start again without one.',
      {
        code: 'BAD_CURSOR',
      },
    )
  return JSON.parse(Buffer.from(payload, 'base64url').toString())
}

function signature(secret: string, scope: string, payload: string): string {
  const key = createHmac('sha256', secret).update('list cursor').digest()
  return createHmac('sha256', key).update(`${scope}\n${payload}`).digest('base64url')
}
