/** The words that a column may hold, without the database's code: schemas and the browser use them too. */

/** A run's. */
export const RUN_STATUSES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const
/** A snapshot's: `scanning` until its images are all listed and hashed. */
export const SNAPSHOT_STATUSES = ['scanning', 'ready', 'failed'] as const
/** What a one-time link is for. */
export const LINK_PURPOSES = ['invitation', 'password-reset', 'setup'] as const
export type LinkPurpose = (typeof LINK_PURPOSES)[number]
