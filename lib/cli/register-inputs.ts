import { createHash } from 'node:crypto'
import { openAsBlob, statSync } from 'node:fs'
import { readFile, realpath } from 'node:fs/promises'
import path from 'node:path'
import { type ApiClient, ApiFault } from './api-client.ts'
import { NotDone, WrongUse } from './exit-code.ts'

export function isFolder(text: string): boolean {
  return statSync(text, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/** A version's id as it is; a folder's model is admitted first (the same model again is the same version). */
export async function resolveModel(client: ApiClient, model: string): Promise<string> {
  if (!isFolder(model)) {
    const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(model)
    if (isId) return model
    throw new WrongUse(`--model ${model} is neither a version's id nor a folder.`)
  }
  const form = new FormData()
  try {
    form.set('card', await readFile(path.join(model, 'model.json'), 'utf8'))
    form.set('model', await openAsBlob(path.join(model, 'model.onnx')), 'model.onnx')
  } catch {
    throw new WrongUse(`The folder ${model} does not have both a model.onnx and a model.json.`)
  }
  const { id } = await client.upload<{ id: string }>('/api/model-versions', form)
  return id
}

/** A dataset's name as it is; a folder is registered under a name that is always the same for it. */
export async function resolveDataset(client: ApiClient, dataset: string): Promise<string> {
  if (!isFolder(dataset)) return dataset
  const folder = await realpath(dataset)
  const name = datasetNameOf(folder)
  try {
    await client.post('/api/datasets', { name, location: `file:${folder}` })
  } catch (error) {
    if (!(error instanceof ApiFault)) throw error
    if (error.code === 'LOCATION_OUTSIDE_ROOTS')
      throw new NotDone(
        `${client.url} may not look into ${folder}: add it to DATASET_ROOTS there, or stop that service and let this command start its own.`,
      )
    if (error.status !== 409) throw error // known already, by this name and so by this folder
  }
  return name
}

/** The folder's name for people, and its path's hash so that two folders of one name are two datasets. */
export function datasetNameOf(folder: string): string {
  const base = path
    .basename(folder)
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 8)
  return `${base.slice(0, 80) || 'folder'}-${hash}`
}
