/**
 * The REST API by addresses and bodies of any shape, under one key: for what the typed client of `service-api.ts`
 * cannot say, wrong names and parameters above all.
 */
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
  }
}
