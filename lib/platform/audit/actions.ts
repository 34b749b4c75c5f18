/** Everything that is written down: `<object type>.<verb>`. A new one is added here first, so that it can be looked for. */
export const AUDIT_ACTIONS = [
  'api-key.create',
  'api-key.revoke',
  'dataset-snapshot.fail',
  'dataset-snapshot.freeze',
  'dataset-snapshot.request',
  'dataset.archive',
  'dataset.register',
  'dataset.upload',
  'demo.begin',
  'demo.complete',
  'evaluation-run.cancel',
  'evaluation-run.create',
  'evaluation-run.delete',
  'evaluation-run.fail',
  'evaluation-run.retry',
  'evaluation-run.succeed',
  'model-version.archive',
  'model-version.register',
  'prediction-set.import',
  'request.deny',
  'session.close',
  'session.open',
  'session.refuse',
  'user.accept-invitation',
  'user.create',
  'user.delete',
  'user.invite',
  'user.offer-password-reset',
  'user.replace-password',
  'user.update',
] as const
export type AuditAction = (typeof AUDIT_ACTIONS)[number]

/** What it was done to. */
export const AUDIT_OBJECT_TYPES = [
  'api-key',
  'dataset',
  'dataset-snapshot',
  'demo',
  'evaluation-run',
  'model-version',
  'prediction-set',
  'route',
  'user',
] as const
export type AuditObjectType = (typeof AUDIT_OBJECT_TYPES)[number]
