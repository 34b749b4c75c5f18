import { quantile } from '#lib/statistics/quantile.ts'

export type RequestTimes = { medianMs: number; p95Ms: number; slowestMs: number }

/** One request after the other, as a scraper and a page send them; the reply's whole body counts. */
export async function timeRequests(
  url: string,
  options: { headers?: Record<string, string>; requests: number },
): Promise<RequestTimes> {
  const times: number[] = []
  for (let request = 0; request < options.requests; request++) {
    const started = performance.now()
    const reply = await fetch(url, { headers: options.headers ?? {} })
    const text = await reply.text()
    times.push(performance.now() - started)
    if (reply.status !== 200) throw new Error(`${url} answered ${reply.status}: ${text}`)
  }
  times.sort((a, b) => a - b)
  return { medianMs: quantile(times, 0.5), p95Ms: quantile(times, 0.95), slowestMs: times.at(-1) ?? 0 }
}
