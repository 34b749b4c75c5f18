import { Button, Code, Stack } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { formatBytes } from '#app/_format/measure.ts'
import { Facts } from '#app/_shell/facts.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import type { ModelVersionView } from '#lib/model/registry/schema.ts'
import classes from './model-file.module.css'

/** The two files that make the version, to download; the card to look at, too. */
export function ModelFile({ version }: { version: ModelVersionView }) {
  const download = `/api/model-versions/${version.id}`
  return (
    <Panel title="Model file and card">
      <Stack gap="sm">
        <Facts
          facts={[
            ['Size', formatBytes(version.sizeBytes)],
            [
              'SHA-256',
              version.sha256 === null ? (
                'Only predictions were imported'
              ) : (
                <Code key="hash">{version.sha256}</Code>
              ),
            ],
          ]}
        />
        <div className={classes.downloads}>
          {version.sha256 !== null && <DownloadLink href={`${download}/model`}>Model (ONNX)</DownloadLink>}
          <DownloadLink href={`${download}/card`}>Card (JSON)</DownloadLink>
        </div>
        <details className={classes.card}>
          <summary>Full model card</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long card scrolls, by keyboard too */}
          <section tabIndex={0} aria-label="Full model card">
            <pre>{JSON.stringify(version.card, null, 2)}</pre>
          </section>
        </details>
      </Stack>
    </Panel>
  )
}

function DownloadLink({ href, children }: { href: string; children: string }) {
  return (
    <Button
      component="a"
      href={href}
      download
      variant="default"
      size="xs"
      leftSection={<IconDownload size={14} aria-hidden />}
    >
      {children}
    </Button>
  )
}
