import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { endChild } from './child-process.ts'
import { freePort } from './free-port.ts'
import { waitUntil } from './wait-until.ts'

export type PrometheusSample = { labels: Record<string, string>; value: number }

export type Prometheus = {
  url: string
  /** The samples of an instant query, now. */
  query: (expression: string) => Promise<PrometheusSample[]>
  stop: () => Promise<void>
}

/**
 * Starts the real Prometheus, scraping `/metrics` of these addresses every second. Its discovery takes some
 * seconds before the first scrape: wait until a query has samples.
 */
export async function startPrometheus(targets: string[]): Promise<Prometheus> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sr-prometheus-'))
  const config = path.join(folder, 'prometheus.json') // YAML reads JSON
  const hosts = targets.map((target) => new URL(target).host)
  writeFileSync(
    config,
    JSON.stringify({
      global: { scrape_interval: '1s', scrape_timeout: '1s' },
      scrape_configs: [{ job_name: 'second-reader', static_configs: [{ targets: hosts }] }],
    }),
  )
  const port = await freePort()
  const child = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${path.join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let said = ''
  child.stderr.on('data', (text) => (said += text))
  const url = `http://127.0.0.1:${port}`
  await waitUntil('Prometheus is ready', async () => {
    if (child.exitCode !== null) throw new Error(`Prometheus ended: ${said}`)
    return fetch(`${url}/-/ready`).then(
      (response) => response.ok,
      () => false,
    )
  })
  return {
    url,
    query: (expression) => query(url, expression),
    async stop() {
      await endChild(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function query(url: string, expression: string): Promise<PrometheusSample[]> {
  const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: expression })}`)
  const body = (await response.json()) as {
    status: string
    error?: string
    data: { result: { metric: Record<string, string>; value: [number, string] }[] }
  }
  if (body.status !== 'success') throw new Error(`Prometheus refused ${expression}: ${body.error}`)
  return body.data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }))
}
