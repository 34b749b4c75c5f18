import type { WriteStream } from 'node:tty'
import { describeRun, type Run } from './follow-run.ts'

const BAR_WIDTH = 30
/** Between lines where a line once written stays, such as in a CI log. */
const LINE_MS = 10_000

type Output = Pick<WriteStream, 'write'> & { isTTY?: boolean; columns?: number }

/** Shows progress: a bar that is redrawn on a terminal, a line now and then elsewhere. */
export function progressDisplay(
  output: Output,
  now: () => number,
): { show: (run: Run) => void; end: () => void } {
  let lastLine = ''
  let lastAt = Number.NEGATIVE_INFINITY
  const show = (run: Run) => {
    const line = describeRun(run)
    if (line === lastLine) return
    if (output.isTTY) {
      const text = `${barOf(run)}${line}`.slice(0, (output.columns ?? 80) - 1)
      output.write(`\r\u001b[K${text}`)
    } else {
      if (now() - lastAt < LINE_MS) return
      output.write(`${line}\n`)
      lastAt = now()
    }
    lastLine = line
  }
  return { show, end: () => void (output.isTTY && lastLine !== '' && output.write('\r\u001b[K')) }
}

function barOf({ progress: { done, total } }: Run): string {
  if (total === 0) return ''
  const filled = Math.round((BAR_WIDTH * done) / total)
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}] `
}
