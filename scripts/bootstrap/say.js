/** Lines about what goes on; a reader that went away (`npm start | head`) is no reason to stop. */
export function say(line, stream = process.stdout) {
  stream.write(`${line}\n`)
}
process.stdout.on('error', () => {})
process.stderr.on('error', () => {})

/** Where steps run beside each other, seconds that run in one line would write over the others. */
export const PLAIN_LINES = { isTTY: false, write: (text) => process.stdout.write(text) }

/** Does one step and says how long it took; on a terminal the seconds run meanwhile. */
export async function step(title, work, stream = process.stdout) {
  const startedAt = performance.now()
  const seconds = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`
  const ticking = stream.isTTY ? setInterval(() => stream.write(`\r${title} … ${seconds()}`), 200) : undefined
  if (!ticking) say(`${title} …`, stream)
  try {
    const result = await work()
    say(`${ticking ? '\r' : ''}${title}: ${seconds()}`, stream)
    return result
  } finally {
    clearInterval(ticking)
  }
}
