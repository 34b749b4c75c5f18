import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** The REST API as a client's script would call it: one base address, one key. */
export type ApiClient = ReturnType<typeof apiClient>

export function apiClient(url: string, apiKey: string) {
  const call = async (method: string, path: string, options: { body?: unknown; form?: FormData } = {}) => {
    const json = options.body === undefined ? {} : { 'Content-Type': 'application/json' }
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { Authorization: `Bearer ${apiKey}`, ...json },
      body: options.form ?? (options.body === undefined ? null : JSON.stringify(options.body)),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson ? JSON.parse(text) : undefined,
    }
  }
  const get = (path: string) => call('GET', path)
  const post = (path: string, body?: unknown) => call('POST', path, { body })
  return {
    call,
    get,
    post,
    upload: (path: string, form: FormData) => call('POST', path, { form }),
    /** Polls a run until it has ended. */
    async finishedRun(id: string, timeoutMs = 240_000) {
      const deadline = Date.now() + timeoutMs
      for (;;) {
        const { body } = await get(`/api/evaluation-runs/${id}`)
        if (['succeeded', 'failed', 'cancelled'].includes(body.status)) return body
        if (Date.now() > deadline) throw new Error(`The run has not ended: ${JSON.stringify(body)}`)
        await sleep(250)
      }
    },
  }
}

/** The form that uploads a folder with `model.onnx` and `model.json`. */
export async function modelForm(folder: string): Promise<FormData> {
  const form = new FormData()
  form.set('model', new Blob([await readFile(`${folder}/model.onnx`)]), 'model.onnx')
  form.set('card', await readFile(`${folder}/model.json`, 'utf8'))
  return form
}
