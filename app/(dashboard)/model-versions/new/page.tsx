import { Code } from '@mantine/core'
import { requirePageActor } from '#app/_shell/page-actor.ts'
import { PageHeader } from '#app/_shell/page-header.tsx'
import { UploadForm } from './upload-form.tsx'

export const metadata = { title: 'Add a model version' }

export default async function NewModelVersionPage() {
  await requirePageActor('model-version:write')
  return (
    <>
      <PageHeader
        title="Add a model version"
        crumbs={[{ title: 'Model versions', href: '/model-versions' }]}
        description={
          <>
            A version is an ONNX file and its card, <Code>model.json</Code>. It is validated and run on test
            images first. Versions are immutable.
          </>
        }
      />
      <UploadForm />
    </>
  )
}
