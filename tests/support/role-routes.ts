/**
 * Who is let in where, row by row and not derived from the permissions: a change here changes what a role may do.
 * `in`: the guard lets the caller pass. 401 and 403: it does not. With COMPATIBILITY_API=key; `/evaluate` asks for
 * `evaluation-run:write` as well, behind the guard.
 */
const TABLE = `
method address                                            none ended ml-lead administrator reviewer physician read-only
GET    /api/openapi.json                                  in   in    in      in            in       in        in
POST   /api/auth/sign-in/email                            in   in    in      in            in       in        in
POST   /api/auth/sign-out                                 401  401   in      in            in       in        in
GET    /api/auth/get-session                              401  401   in      in            in       in        in
GET    /api/auth/token                                    in   in    in      in            in       in        in
POST   /api/auth/redeem-token                             in   in    in      in            in       in        in
POST   /api/auth/change-password                          401  401   in      in            in       in        in
GET    /api/sessions                                      401  401   in      in            in       in        in
DELETE /api/sessions/{id}                                 401  401   in      in            in       in        in
DELETE /api/sessions                                      401  401   in      in            in       in        in
GET    /api/api-keys                                      401  401   in      in            in       in        in
POST   /api/api-keys                                      401  401   in      in            in       in        in
DELETE /api/api-keys/{id}                                 401  401   in      in            in       in        in
GET    /api/users                                         401  401   403     in            403      403       403
POST   /api/users                                         401  401   403     in            403      403       403
PATCH  /api/users/{id}                                    401  401   403     in            403      403       403
DELETE /api/users/{id}                                    401  401   403     in            403      403       403
POST   /api/users/{id}/password-reset                     401  401   403     in            403      403       403
POST   /api/users/{id}/invitation                         401  401   403     in            403      403       403
GET    /api/audit-events                                  401  401   403     in            403      403       403
GET    /api/audit-events/verify                           401  401   403     in            403      403       403
GET    /api/health                                        in   in    in      in            in       in        in
GET    /metrics                                           in   in    in      in            in       in        in
POST   /api/datasets                                      401  401   in      403           403      403       403
GET    /api/datasets                                      401  401   in      in            403      403       in
GET    /api/datasets/{name}                               401  401   in      in            403      403       in
DELETE /api/datasets/{name}                               401  401   in      403           403      403       403
POST   /api/datasets/{name}/images                        401  401   in      403           403      403       403
GET    /api/datasets/{name}/images                        401  401   in      in            403      403       in
POST   /api/datasets/{name}/snapshots                     401  401   in      403           403      403       403
GET    /api/datasets/{name}/snapshots                     401  401   in      in            403      403       in
GET    /api/datasets/{name}/snapshots/{id}                401  401   in      in            403      403       in
GET    /api/datasets/{name}/snapshots/{id}/skipped        401  401   in      in            403      403       in
GET    /api/datasets/{name}/snapshots/{id}/changes        401  401   in      in            403      403       in
GET    /api/images/{id}/content                           401  401   in      in            in       403       in
GET    /api/images/{id}                                   401  401   in      in            403      403       in
GET    /api/images/{id}/neighbours                        401  401   in      in            403      403       in
POST   /api/model-versions                                401  401   in      403           403      403       403
GET    /api/model-versions                                401  401   in      in            403      403       in
GET    /api/model-versions/{id}                           401  401   in      in            403      403       in
DELETE /api/model-versions/{id}                           401  401   in      403           403      403       403
GET    /api/model-versions/{id}/model                     401  401   in      in            403      403       in
GET    /api/model-versions/{id}/card                      401  401   in      in            403      403       in
GET    /api/model-versions/{id}/evaluations               401  401   in      in            403      403       in
POST   /api/model-versions/{id}/predictions               401  401   in      in            403      in        403
POST   /api/evaluation-runs                               401  401   in      403           403      403       403
GET    /api/evaluation-runs                               401  401   in      in            403      403       in
GET    /api/evaluation-runs/{id}                          401  401   in      in            403      403       in
DELETE /api/evaluation-runs/{id}                          401  401   in      403           403      403       403
POST   /api/evaluation-runs/{id}/cancel                   401  401   in      403           403      403       403
POST   /api/evaluation-runs/{id}/retry                    401  401   in      403           403      403       403
GET    /api/evaluation-runs/{id}/metrics                  401  401   in      in            403      403       in
GET    /api/evaluation-runs/{id}/curves                   401  401   in      in            403      403       in
GET    /api/evaluation-runs/{id}/temperature              401  401   in      in            403      403       in
GET    /api/evaluation-runs/{id}/predictions              401  401   in      in            403      403       in
GET    /api/evaluation-runs/{id}/events                   401  401   in      in            403      403       in
GET    /api/evaluation-runs/{id}/slices                   401  401   in      in            403      403       in
POST   /api/evaluation-runs/{id}/slices                   401  401   in      in            403      403       in
GET    /api/evaluation-runs/{id}/leakage                  401  401   in      in            403      403       in
POST   /api/prediction-sets                               401  401   in      403           403      403       403
GET    /api/model-comparisons                             401  401   in      in            403      403       in
GET    /api/model-comparisons/images                      401  401   in      in            403      403       in
GET    /api/overview                                      401  401   in      in            403      403       in
GET    /api/search                                        401  401   in      in            in       in        in
GET    /api/events                                        401  401   in      in            403      403       in
POST   /predict/                                          401  401   in      in            403      in        403
GET    /evaluate                                          401  401   in      in            403      in        403
GET    /health                                            in   in    in      in            in       in        in
`

export type RoleRoute = { name: string; expected: Readonly<Record<string, 'in' | 401 | 403>> }

/** The callers of the table's columns: an anonymous client, a key that has ended, and a key of each role. */
export const CALLERS = [
  'none',
  'ended',
  'ml-lead',
  'administrator',
  'reviewer',
  'physician',
  'read-only',
] as const

export const ROLE_ROUTES: readonly RoleRoute[] = TABLE.trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [method, address, ...cells] = line.split(/ +/)
    if (cells.length !== CALLERS.length || !cells.every((cell) => /^(in|401|403)$/.test(cell)))
      throw new Error(`This row of the table is not whole: ${line}`)
    const expected = CALLERS.map((caller, column) => {
      const cell = cells[column]
      return [caller, cell === 'in' ? 'in' : cell === '401' ? 401 : 403] as const
    })
    return { name: `${method} ${address}`, expected: Object.fromEntries(expected) }
  })
