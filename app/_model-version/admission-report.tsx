import { Alert, Group, List, ListItem, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import type { ModelSignature } from '#lib/model/evaluator/evaluator-contract.ts'
import { describeAdmission } from './describe-admission.ts'

/** What was checked before the version was taken in, and what it was taken in in spite of. */
export function AdmissionReport(props: {
  report: {
    provider: 'cpu' | 'cuda'
    dryRunMilliseconds: number
    model: ModelSignature | null
    warnings: readonly string[]
  } | null
  findingClasses: readonly string[]
}) {
  const { report } = props
  if (report === null)
    return (
      <Text size="sm" c="dimmed">
        No report: the version was added without its model file, or by an older release.
      </Text>
    )
  return (
    <Stack gap="sm">
      {report.warnings.map((warning) => (
        <Alert
          key={warning}
          color="orange"
          icon={<IconAlertTriangle aria-hidden />}
          title="Admitted with a warning"
        >
          {warning}
        </Alert>
      ))}
      <List listStyleType="none" spacing={6} size="sm">
        {describeAdmission(report, props.findingClasses).map((line) => (
          <ListItem key={line}>
            <Group gap={8} align="flex-start" wrap="nowrap">
              <IconCircleCheck
                size={16}
                color="var(--mantine-color-teal-text)"
                aria-hidden
                style={{ flex: 'none', marginTop: 2 }}
              />
              <span style={{ overflowWrap: 'anywhere', minWidth: 0 }}>{line}</span>
            </Group>
          </ListItem>
        ))}
      </List>
    </Stack>
  )
}
