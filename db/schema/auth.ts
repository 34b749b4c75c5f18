import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  boolean,
  check,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { instant, sha256 } from './column-types.ts'
import { LINK_PURPOSES } from './enumerations.ts'

/** People. `users`, `sessions`, `accounts` and `verifications` have the columns that better-auth expects. */
export const users = pgTable('users', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  /** Lower case: one person has one account. */
  email: text('email').notNull().unique(),
  emailVerified: boolean('email_verified').notNull().default(false),
  image: text('image'),
  roles: text('roles').array().notNull(),
  /** Made by the first start of a demo; its password lies in `demo-credentials.json`. */
  isDemo: boolean('is_demo').notNull().default(false),
  /** Set: sessions and keys of this person stop working with the next request. */
  disabledAt: instant('disabled_at'),
  lastSignInAt: instant('last_sign_in_at'),
  createdAt: instant('created_at').notNull().defaultNow(),
  updatedAt: instant('updated_at').notNull().defaultNow(),
})

export const sessions = pgTable(
  'sessions',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    token: text('token').notNull().unique(),
    expiresAt: instant('expires_at').notNull(),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    createdAt: instant('created_at').notNull().defaultNow(),
    /** Last use, to the minute: the session ends when it lies too far back. */
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [index('sessions_user').on(table.userId)],
)

/** How a person proves who they are: a password (provider `credential`). */
export const accounts = pgTable(
  'accounts',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    accountId: text('account_id').notNull(),
    providerId: text('provider_id').notNull(),
    accessToken: text('access_token'),
    refreshToken: text('refresh_token'),
    idToken: text('id_token'),
    accessTokenExpiresAt: instant('access_token_expires_at'),
    refreshTokenExpiresAt: instant('refresh_token_expires_at'),
    scope: text('scope'),
    /** scrypt, with its salt. */
    password: text('password'),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [
    index('accounts_user').on(table.userId),
    uniqueIndex('accounts_identity').on(table.providerId, table.accountId),
  ],
)

export const verifications = pgTable(
  'verifications',
  {
    id: text('id').primaryKey(),
    identifier: text('identifier').notNull(),
    value: text('value').notNull(),
    expiresAt: instant('expires_at').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [index('verifications_identifier').on(table.identifier)],
)

/** Links that let a user choose a password, once. Only the hash of a link's token is kept; using it deletes the row. */
export const oneTimeLinks = pgTable(
  'one_time_links',
  {
    tokenSha256: sha256('token_sha256').primaryKey(),
    purpose: text('purpose', { enum: LINK_PURPOSES }).notNull(),
    /** Null: the link for the first administrator, who does not exist yet. */
    userId: text('user_id').references(() => users.id, { onDelete: 'cascade' }),
    createdAt: instant('created_at').notNull().defaultNow(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [
    index('one_time_links_user').on(table.userId),
    check('one_time_links_purpose', sql`${table.purpose} in ('invitation', 'password-reset', 'setup')`),
    check('one_time_links_person', sql`(${table.userId} is null) = (${table.purpose} = 'setup')`),
  ],
)

/** A key acts for its owner with some of the owner's roles. Only its hash is kept. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    /** Null: made on the machine by its operator, acting for no user. */
    ownerId: text('owner_id').references(() => users.id, { onDelete: 'cascade' }),
    /** The key that made this one, which ends no later than it; null where a person or the operator did. */
    parentId: uuid('parent_id').references((): AnyPgColumn => apiKeys.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    /** The key's first characters, to tell keys apart. */
    hint: text('hint').notNull(),
    keySha256: sha256('key_sha256').notNull(),
    roles: text('roles').array().notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    createdBy: text('created_by').notNull(),
    expiresAt: instant('expires_at'),
    revokedAt: instant('revoked_at'),
  },
  (table) => [
    uniqueIndex('api_keys_sha256').on(table.keySha256),
    index('api_keys_owner').on(table.ownerId, table.createdAt),
    index('api_keys_parent').on(table.parentId),
    check('api_keys_roles', sql`cardinality(${table.roles}) > 0`),
  ],
)

/** Attempts to sign in per window, by account and by address: counted in one statement, before the password is. */
export const signInAttempts = pgTable(
  'sign_in_attempts',
  {
    /** Hashed: a list of tried e-mail addresses is private. */
    subjectSha256: sha256('subject_sha256').notNull(),
    windowStartedAt: instant('window_started_at').notNull(),
    count: integer('count').notNull(),
  },
  (table) => [primaryKey({ columns: [table.subjectSha256, table.windowStartedAt] })],
)
