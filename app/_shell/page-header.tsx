import { Breadcrumbs, Group, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { TextLink } from './links.tsx'

/** A page's title with the way to it, one sentence and what can be done. */
export function PageHeader(props: {
  title: string
  /** The pages above this one. */
  crumbs?: readonly { title: string; href: string }[]
  description?: ReactNode
  actions?: ReactNode
}) {
  return (
    <Stack gap={4} mb="lg" component="header">
      {props.crumbs !== undefined && props.crumbs.length > 0 && (
        <nav aria-label="Breadcrumb">
          <Breadcrumbs separatorMargin={6}>
            {props.crumbs.map(({ title, href }) => (
              <TextLink key={href} href={href} size="sm">
                {title}
              </TextLink>
            ))}
          </Breadcrumbs>
        </nav>
      )}
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={4} flex="1 1 20rem" miw={0}>
          <Title order={1} size="h2" style={{ overflowWrap: 'anywhere' }}>
            {props.title}
          </Title>
          {props.description !== undefined && (
            <Text c="dimmed" maw="70ch" component="div">
              {props.description}
            </Text>
          )}
        </Stack>
        {props.actions !== undefined && (
          <Group gap="xs" data-print="no">
            {props.actions}
          </Group>
        )}
      </Group>
    </Stack>
  )
}
