import { AsyncLocalStorage } from 'node:async_hooks'
import { betterAuth } from 'better-auth'
import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { accounts, sessions, users, verifications } from '#db/schema/auth.ts'
import type { Service } from '#lib/platform/service/service.ts'
import { type HashingCaller, hashPassword, verifyPassword } from './hash-password.ts'
import { MIN_PASSWORD_LENGTH } from './password-rules.ts'
import { ownOrigins } from './same-origin.ts'
import { serviceSecret } from './service-secret.ts'
import { sessionCookieName } from './session-cookie.ts'

/** better-auth hands nothing on to its password functions: whose call it is, they find here. */
const callers = new AsyncLocalStorage<HashingCaller>()

/** Does what makes better-auth hash, in the name of this caller. */
export function inNameOf<T>(caller: HashingCaller, work: () => Promise<T>): Promise<T> {
  return callers.run(caller, work)
}

const made = new WeakMap<Service, ReturnType<typeof makeBetterAuth>>()

/** Checks passwords and opens sessions; nothing of it is reachable but through our own routes. */
export function getBetterAuth(service: Service) {
  const known = made.get(service) ?? makeBetterAuth(service)
  made.set(service, known)
  return known
}

function makeBetterAuth(service: Service) {
  const { baseUrl } = service.settings
  return betterAuth({
    baseURL: baseUrl,
    basePath: '/api/auth',
    secret: serviceSecret(service.settings),
    trustedOrigins: ownOrigins(service.settings),
    telemetry: { enabled: false },
    logger: { disabled: true }, // ours has one line per request, without what people typed
    rateLimit: { enabled: false }, // sign-in is limited by account, before the password is looked at
    database: drizzleAdapter(service.db, {
      provider: 'pg',
      schema: { user: users, session: sessions, account: accounts, verification: verifications },
    }),
    user: { additionalFields: { roles: { type: 'string[]', required: true, input: false } } },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: MIN_PASSWORD_LENGTH,
      password: {
        hash: (password) => hashPassword(password, callers.getStore()),
        verify: (given) => verifyPassword(given, callers.getStore()),
      },
    },
    session: {
      expiresIn: service.settings.sessionSeconds,
      disableSessionRefresh: true,
      cookieCache: { enabled: false },
    },
    advanced: {
      useSecureCookies: false, // would add `__Secure-`; the name and the flag below say more
      ipAddress: { disableIpTracking: true },
      cookies: {
        session_token: {
          name: sessionCookieName(baseUrl),
          attributes: { secure: baseUrl.startsWith('https:'), httpOnly: true, sameSite: 'lax', path: '/' },
        },
      },
    },
  })
}
