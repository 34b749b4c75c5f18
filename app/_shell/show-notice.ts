import type { NotificationData } from '@mantine/notifications'

/** Says what happened in a corner of the page. What shows it is fetched when there is something to say. */
export async function showNotice(notice: NotificationData): Promise<void> {
  const { notifications } = await import('@mantine/notifications')
  notifications.show(notice)
}
