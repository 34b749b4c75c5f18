import { createHash } from 'node:crypto'
import { existsSync, openAsBlob, statSync } from 'node:fs'
import { readFile, realpath } from 'node:fs/promises'
import path from 'node:path'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import { ApiFailure } from '#lib/delivery/client/api-failure.ts'
import { NotDone, WrongUse } from './exit-code.ts'
import { oneCall, type ServiceClient } from './service-client.ts'

export function isFolder(text: string): boolean {
  return statSync(text, { throwIfNoEntry: false })?.isDirectory() ?? false
}

const VERSION_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const DATASET_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/

/** Refuses what no service could know, before one is looked for or started. */
export function checkInputs({ model, dataset }: { model: string; dataset: string }): void {
  if (!isFolder(model) && !VERSION_ID.test(model))
    throw new WrongUse(`--model ${model} is neither a version's id nor a folder.`)
  if (isFolder(model))
    for (const file of ['model.onnx', 'model.json'])
      if (!existsSync(path.join(model, file))) throw new WrongUse(`The folder ${model} has no ${file}.`)
  if (!isFolder(dataset) && !DATASET_NAME.test(dataset))
    throw new WrongUse(`--dataset ${dataset} is neither a dataset's name nor a folder.`)
}

/** A version's id as it is; a folder's model is admitted first (the same model again is the same version). */
export async function resolveModel(client: ServiceClient, model: string): Promise<string> {
  if (!isFolder(model)) return model
  const form = new FormData()
  try {
    form.set('card', await readFile(path.join(model, 'model.json'), 'utf8'))
    form.set('model', await openAsBlob(path.join(model, 'model.onnx')), 'model.onnx')
  } catch (error) {
    throw new NotDone(
      `The model in ${model} cannot be read: ${error instanceof Error ? error.message : error}`,
    )
  }
  const { id } = await dataOf(client.api.POST('/api/model-versions', { body: form }))
  return id
}

/** A dataset's name as it is; a folder is registered under a name that is always the same for it. */
export async function resolveDataset(client: ServiceClient, dataset: string): Promise<string> {
  if (!isFolder(dataset)) return dataset
  const folder = await realpath(dataset)
  const name = datasetNameOf(folder)
  try {
    const body = { name, location: `file:${folder}` }
    await client.api.POST('/api/datasets', { params: { header: oneCall() }, body })
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error
    if (error.code === 'LOCATION_OUTSIDE_ROOTS')
      throw new NotDone(
        `${client.url} has no access to ${folder}. Add the folder to its DATASET_ROOTS, or stop the service and this command starts its own.`,
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
