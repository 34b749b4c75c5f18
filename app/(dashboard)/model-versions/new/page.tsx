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
            A version is an ONNX file and its card, <Code>model.json</Code>. It is examined and tried on
            made-up images before it is taken in; a version once taken in never changes.
          </>
        }
      />
      <UploadForm />
    </>
  )
}
