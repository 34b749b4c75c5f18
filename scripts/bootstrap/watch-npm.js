import { readFileSync } from 'node:fs'

const LOOK_MS = 500

/**
 * Calls back once `npm start` has died without telling us: npm runs us below a shell, so a killed npm ends neither.
 * Started without npm (a service manager, `node scripts/start.js &`) we outlive our parent as any program does.
 */
export function watchNpm(onDeath) {
  if (process.env.npm_lifecycle_event === undefined) return
  const shell = process.ppid
  const npm = parentOf(shell)
  const timer = setInterval(() => {
    if (process.ppid === shell && parentOf(shell) === npm) return
    clearInterval(timer)
    onDeath()
  }, LOOK_MS)
  timer.unref()
}

/** The parent of another process; undefined where the system does not show it as Linux does. */
function parentOf(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return status.slice(status.lastIndexOf(')') + 2).split(' ')[1]
  } catch {
    return undefined
  }
}
