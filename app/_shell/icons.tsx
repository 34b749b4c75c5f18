import {
  IconChartBar,
  IconDatabase,
  IconGitCompare,
  IconHistory,
  IconKey,
  IconLayoutDashboard,
  IconPhotoScan,
  IconStack2,
  IconUserCircle,
  IconUsers,
} from '@tabler/icons-react'
import type { IconName } from './navigation.ts'

const ICONS: Readonly<Record<IconName, typeof IconKey>> = {
  overview: IconLayoutDashboard,
  evaluations: IconChartBar,
  'model-versions': IconStack2,
  compare: IconGitCompare,
  'try-image': IconPhotoScan,
  datasets: IconDatabase,
  users: IconUsers,
  'api-keys': IconKey,
  'audit-log': IconHistory,
  account: IconUserCircle,
}

/** The sign of a page; says nothing to a screen reader, its title does. */
export function PageIcon({ name, size = 18 }: { name: IconName; size?: number }) {
  const Icon = ICONS[name]
  return <Icon size={size} stroke={1.6} aria-hidden />
}
