import path from 'node:path'
import { ApiFailure } from '#lib/delivery/client/api-failure.ts'
import { type Command, parseCommandLine } from './command-line.ts'
import { compareCommand } from './compare.ts'
import type { Environment } from './connect.ts'
import { createApiKeyCommand } from './create-api-key.ts'
import { evaluateCommand } from './evaluate.ts'
import { EXIT, NotDone, WrongUse } from './exit-code.ts'
import { USAGE } from './usage.ts'

const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (interruption.signal.aborted) process.exit(EXIT.interrupted) // asked twice: at once
    process.stderr.write('\nStopping …\n')
    interruption.abort()
  })
}

// Node's own exit code for both of these is 1, and a script takes that for a missed bar.
process.on('uncaughtException', (error) => process.exit(explain(error)))
process.stdout.on('error', (error) => {
  process.stderr.write(`The output could not be written: ${error.message}\n`)
  process.on('exit', () => {
    process.exitCode = EXIT.notDone
  })
})

async function runCommand(command: Command, environment: Environment): Promise<number> {
  const dataDir = path.resolve(environment.DATA_DIR || '.data')
  const { stdout: out, stderr: err } = process
  switch (command.name) {
    case 'help':
      out.write(USAGE)
      return EXIT.ok
    case 'evaluate':
      return await evaluateCommand(command, environment, dataDir, {
        out,
        err,
        interrupted: interruption.signal,
      })
    case 'compare':
      return await compareCommand(command, environment, dataDir, {
        out,
        err,
        interrupted: interruption.signal,
      })
    case 'api-key create':
      return await createApiKeyCommand(command, environment, dataDir, out)
  }
}

function explain(error: unknown): number {
  if (interruption.signal.aborted) return EXIT.interrupted
  if (error instanceof WrongUse) {
    process.stderr.write(`${error.message}\nSee second-reader --help.\n`)
    return EXIT.wrongUse
  }
  process.stderr.write(`${messageOf(error)}\n`)
  return EXIT.notDone
}

function messageOf(error: unknown): string {
  if (error instanceof ApiFailure) return `${error.message} (${error.code})`
  return error instanceof NotDone ? error.message : String(error)
}

try {
  // biome-ignore lint/style/noProcessEnv: the command's settings are not those of the service that it talks to
  process.exitCode = await runCommand(parseCommandLine(process.argv.slice(2)), process.env)
} catch (error) {
  process.exitCode = explain(error)
}
