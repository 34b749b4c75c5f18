import { parseArgs } from 'node:util'
import { apiClient } from '#tests/support/api-client.ts'
import type { Instance } from '#tests/support/instance.ts'
import { busyShareAtRest, describeMachine } from '../machine.ts'
import { DATABASES } from './databases.ts'
import { fillDatabase } from './fill-database.ts'
import { type RequestTimes, timeRequests } from './time-requests.ts'

// How long a scrape and a run's metrics take when a million predictions are stored.

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    /** One database alone: PostgreSQL or embedded. */
    database: { type: 'string' },
  },
})
const size = values.quick ? { images: 5_000, versions: 4 } : { images: 100_000, versions: 10 }
const requests = values.quick ? 20 : 100
const names = Object.keys(DATABASES).filter(
  (name) => values.database === undefined || values.database === name,
)
if (names.length === 0) {
  console.error('node bench/metrics/main.ts [--quick] [--database PostgreSQL|embedded]')
  process.exit(2)
}

const SCRAPE_GOAL_MS = 50
const RUN_METRICS_GOAL_MS = 100
const say = (text: string) => console.error(text)

/** Asks for every run's metrics, which the service then computes and stores; gives the ids and the seconds. */
async function computeAll(instance: Instance): Promise<{ ids: string[]; secondsEach: number }> {
  const api = apiClient(instance.url, instance.apiKey)
  const ids = (await api.get('/api/evaluation-runs?limit=500')).body.items.map(
    (run: { id: string }) => run.id,
  )
  const started = performance.now()
  for (const id of ids) {
    const { status, text } = await api.get(`/api/evaluation-runs/${id}/metrics`)
    if (status !== 200) throw new Error(`The metrics of a run answered ${status}: ${text}`)
  }
  return { ids, secondsEach: (performance.now() - started) / 1000 / ids.length }
}

function printRow(name: string, { medianMs, p95Ms, slowestMs }: RequestTimes, goalMs: number): void {
  const verdict = medianMs <= goalMs ? 'reached' : 'missed'
  const times = `${medianMs.toFixed(1)} ms, 95 % within ${p95Ms.toFixed(1)}, slowest ${slowestMs.toFixed(1)}`
  console.log(`  ${name.padEnd(24)}median ${times}; goal ≤ ${goalMs}: ${verdict}`)
}

for (const name of names) {
  say(`${name}: storing ${size.images * size.versions} predictions …`)
  const { instance, version, stop } = await (DATABASES[name] as (typeof DATABASES)[string])((url) =>
    fillDatabase(url, size),
  )
  try {
    say('Computing the metrics of the runs …')
    const { ids, secondsEach } = await computeAll(instance)
    const busyShare = await busyShareAtRest()
    const scrape = await timeRequests(`${instance.url}/metrics`, { requests })
    const runMetrics = await timeRequests(`${instance.url}/api/evaluation-runs/${ids[0]}/metrics`, {
      headers: { Authorization: `Bearer ${instance.apiKey}` },
      requests,
    })
    console.log(describeMachine({ [`database ${name}`]: version }))
    console.log(`${name}: ${size.images * size.versions} predictions in ${size.versions} runs`)
    console.log(`  others on the machine take ${(busyShare * 100).toFixed(0)} % of the cores`)
    console.log(`  computed from rows, once  ${secondsEach.toFixed(1)} s for each run`)
    printRow('/metrics', scrape, SCRAPE_GOAL_MS)
    printRow('a run’s metrics', runMetrics, RUN_METRICS_GOAL_MS)
  } catch (error) {
    say(instance.output())
    throw error
  } finally {
    await stop()
  }
}
