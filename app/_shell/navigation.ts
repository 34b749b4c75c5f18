import type { Permission } from '#lib/platform/permissions.ts'

export type NavigationItem = {
  title: string
  address: string
  icon: IconName
  permission: Permission | null
  /** What the command palette and the tooltip say. */
  what: string
}

export type IconName =
  | 'overview'
  | 'evaluations'
  | 'model-versions'
  | 'compare'
  | 'try-image'
  | 'datasets'
  | 'users'
  | 'api-keys'
  | 'audit-log'
  | 'account'

export type NavigationSection = { question: string; items: readonly NavigationItem[] }

/** The pages, grouped as in the menu. */
export const NAVIGATION: readonly NavigationSection[] = [
  {
    question: 'Performance',
    items: [
      {
        title: 'Overview',
        address: '/',
        icon: 'overview',
        permission: 'evaluation-run:read',
        what: 'Newest version, accuracy by version, open issues',
      },
      {
        title: 'Evaluations',
        address: '/evaluation-runs',
        icon: 'evaluations',
        permission: 'evaluation-run:read',
        what: 'Runs of model versions on datasets',
      },
      {
        title: 'Model versions',
        address: '/model-versions',
        icon: 'model-versions',
        permission: 'model-version:read',
        what: 'Cards, lineage, trend, upload',
      },
      {
        title: 'Compare',
        address: '/compare',
        icon: 'compare',
        permission: 'evaluation-run:read',
        what: 'Two versions on the same images',
      },
      {
        title: 'Try an image',
        address: '/try-an-image',
        icon: 'try-image',
        permission: 'prediction:create',
        what: 'Run a model on one image',
      },
    ],
  },
  {
    question: 'Data',
    items: [
      {
        title: 'Datasets',
        address: '/datasets',
        icon: 'datasets',
        permission: 'dataset:read',
        what: 'Images by finding class and patient, snapshots, skipped files',
      },
    ],
  },
  {
    question: 'Administration',
    items: [
      {
        title: 'Users',
        address: '/settings/users',
        icon: 'users',
        permission: 'user:manage',
        what: 'People, invitations, roles',
      },
      {
        title: 'API keys',
        address: '/settings/api-keys',
        icon: 'api-keys',
        permission: 'api-key:own',
        what: 'Keys for scripts and other systems',
      },
      {
        title: 'Audit log',
        address: '/audit-log',
        icon: 'audit-log',
        permission: 'audit-event:read',
        what: 'Who did what, with an integrity check',
      },
      {
        title: 'Your account',
        address: '/settings/account',
        icon: 'account',
        permission: null,
        what: 'Password and sessions',
      },
    ],
  },
]

/** The sections with the pages that this person may open; a section without any is left out. */
export function navigationFor(permissions: readonly Permission[]): NavigationSection[] {
  return NAVIGATION.map((section) => ({
    ...section,
    items: section.items.filter(({ permission }) => permission === null || permissions.includes(permission)),
  })).filter(({ items }) => items.length > 0)
}

/** The first page that this person may open: where the sign-in leads. */
export function homeOf(permissions: readonly Permission[]): string {
  return navigationFor(permissions)[0]?.items[0]?.address ?? '/settings/account'
}
