import path from 'node:path'

/** Where the demo's images lie, `<dataset>/<finding class>/<image>`: written by the service alone, so always allowed. */
export function demoFolder(dataDir: string): string {
  return path.join(dataDir, 'demo')
}
