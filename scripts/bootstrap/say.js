/** Lines about what goes on; a reader that went away (`npm start | head`) is no reason to stop. */
export function say(line) {
  process.stdout.write(`${line}\n`)
}
process.stdout.on('error', () => {})
process.stderr.on('error', () => {})

/** Does one step and says how long it took; on a terminal the seconds run meanwhile. */
export async function step(title, work) {
  const startedAt = performance.now()
  const seconds = () => ((performance.now() - startedAt) / 1000).toFixed(1)
  const ticking = process.stdout.isTTY
    ? setInterval(() => process.stdout.write(`\r${title} … ${seconds()} s`), 200)
    : undefined
  try {
    const result = await work()
    process.stdout.write(ticking ? '\r' : '')
    say(`${title}: ${seconds()} s`)
    return result
  } finally {
    clearInterval(ticking)
  }
}
