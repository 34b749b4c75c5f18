import { sendForm } from '#app/_data/send-form.ts'
import type { ModelVersionView } from '#lib/model/registry/schema.ts'

/** What the service answers, as far as the form shows it. */
export type TakenVersion = Pick<ModelVersionView, 'id' | 'label' | 'findingClasses' | 'admission'> & {
  /** False where the same model and card were known already. */
  isNew: boolean
}

/** Sends model and card and tells how much has left. Throws `ApiFailure`. */
export async function sendModel(
  files: { model: File; card: File },
  options: { signal: AbortSignal; onProgress: (ratio: number) => void },
): Promise<TakenVersion> {
  const form = new FormData()
  form.set('card', files.card, 'model.json')
  form.set('model', files.model, files.model.name)
  const { status, body } = await sendForm('/api/model-versions', {}, form, options)
  return { ...body, isNew: status === 201 }
}
