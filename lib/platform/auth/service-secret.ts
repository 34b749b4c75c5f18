import type { Settings } from '#lib/platform/env/env.ts'

/** What signs sessions and cursors. `npm start` makes one for the embedded set-up; elsewhere it must be given. */
export function serviceSecret(settings: Pick<Settings, 'secret'>): string {
  if (settings.secret === undefined)
    throw new Error('No secret: set SECRET to at least 32 random characters, or use `npm start`.')
  return settings.secret
}
