import { Code, Group, List, ListItem, Stack, Text } from '@mantine/core'
import { ButtonLink } from '#app/_shell/links.tsx'
import { Panel } from '#app/_shell/panel.tsx'

/** What to do in an empty service, in the order that leads to a first accuracy. */
export function FirstSteps({ mayWrite, mayInvite }: { mayWrite: boolean; mayInvite: boolean }) {
  return (
    <Panel title="First steps" description="Three steps to your first evaluation.">
      <Stack>
        <List type="ordered" spacing="md" withPadding={false}>
          <ListItem>
            <Text fw={550} component="span">
              Add a dataset.
            </Text>{' '}
            Upload a folder or a zip file, or register a folder on the server:{' '}
            <Code>{'<finding class>/<image>.jpg'}</Code>.
          </ListItem>
          <ListItem>
            <Text fw={550} component="span">
              Add a model version.
            </Text>{' '}
            Upload <Code>model.onnx</Code> and its card <Code>model.json</Code>. Both are validated.
          </ListItem>
          <ListItem>
            <Text fw={550} component="span">
              Launch an evaluation.
            </Text>{' '}
            Follow its progress and see the accuracy of each finding class.
          </ListItem>
        </List>
        {mayWrite ? (
          <Group>
            <ButtonLink href="/datasets">Go to datasets</ButtonLink>
            <ButtonLink href="/model-versions" variant="default">
              Go to model versions
            </ButtonLink>
          </Group>
        ) : (
          <Text c="dimmed">
            An ML lead can do this; you see the results.{' '}
            {mayInvite && 'Invite one, or take on the role yourself.'}
          </Text>
        )}
        {mayInvite && (
          <Group>
            <ButtonLink href="/settings/users" variant={mayWrite ? 'default' : 'filled'}>
              Go to users
            </ButtonLink>
          </Group>
        )}
      </Stack>
    </Panel>
  )
}
