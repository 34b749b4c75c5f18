import { mayDo, type Permission, type Role } from '#lib/platform/permissions.ts'
import type { BrowserSite } from '#tests/support/browser-site.ts'

export type DashboardPage = {
  /** Its folder below app/(dashboard). */
  place: string
  /** Who may open it; null: every signed-in user. Written down here once more, to hold the pages to it. */
  permission: Permission | null
  /** Where it is, for this site's data. */
  address: (site: BrowserSite, imageId: number) => string
}

const page = (place: string, permission: Permission | null, address?: DashboardPage['address']) => ({
  place,
  permission,
  address: address ?? (() => `/${place}`),
})

/** Every page behind the sign-in. */
export const DASHBOARD_PAGES: readonly DashboardPage[] = [
  page('', 'evaluation-run:read'),
  page('evaluation-runs', 'evaluation-run:read'),
  page('evaluation-runs/new', 'evaluation-run:write'),
  page('evaluation-runs/[id]', 'evaluation-run:read', ({ runs }) => `/evaluation-runs/${runs[1]}`),
  page('model-versions', 'model-version:read'),
  page('model-versions/new', 'model-version:write'),
  page('model-versions/import', 'evaluation-run:write'),
  page('model-versions/[id]', 'model-version:read', ({ versions }) => `/model-versions/${versions[1]}`),
  page(
    'compare',
    'evaluation-run:read',
    ({ versions, dataset }) => `/compare?baseline=${versions[0]}&candidate=${versions[1]}&dataset=${dataset}`,
  ),
  page('try-an-image', 'prediction:create'),
  page('datasets', 'dataset:read'),
  page('datasets/[name]', 'dataset:read', ({ dataset }) => `/datasets/${dataset}`),
  page('datasets/[name]/upload', 'dataset:write', ({ dataset }) => `/datasets/${dataset}/upload`),
  page(
    'images/[id]',
    'evaluation-run:read',
    ({ runs }, imageId) => `/images/${imageId}?run=${runs[1]}&outcome=right`,
  ),
  page('settings/users', 'user:manage'),
  page('settings/api-keys', 'api-key:own'),
  page('settings/account', null),
  page('audit-log', 'audit-event:read'),
  page('no-access', null),
]

/** A role that may open the page. */
export function roleFor({ permission }: DashboardPage): Role {
  return permission === null || mayDo(['administrator'], permission) ? 'administrator' : 'ml-lead'
}
