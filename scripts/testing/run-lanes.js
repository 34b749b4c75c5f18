/**
 * Runs the suites of a lane one after another, and the lanes beside each other. Where the run is given up, no lane
 * begins another suite.
 * @template {{ lane: string }} Suite
 * @template Result
 * @param {readonly Suite[]} suites
 * @param {(suite: Suite) => Promise<Result>} runSuite
 * @param {AbortSignal} signal
 * @returns {Promise<Result[]>} in the order of the suites
 */
export async function runLanes(suites, runSuite, signal) {
  /** @type {Map<Suite, Result>} */
  const results = new Map()
  await Promise.all(
    lanesOf(suites).map(async (lane) => {
      for (const suite of suites.filter((each) => each.lane === lane)) {
        if (signal.aborted) return
        results.set(suite, await runSuite(suite))
      }
    }),
  )
  return suites.flatMap((suite) => results.get(suite) ?? [])
}

/** @param {readonly { lane: string }[]} suites */
export function lanesOf(suites) {
  return [...new Set(suites.map(({ lane }) => lane))]
}
