import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { PROJECT } from '../bootstrap/project.js'
import { run } from '../bootstrap/run.js'
import { PLAIN_LINES, step } from '../bootstrap/say.js'
import { installDebianPackages } from './debian.js'

const VENV = path.join(PROJECT, '.venv')
const PYTHON = path.join(VENV, 'bin', 'python')
const STAMP = path.join(VENV, 'second-reader-stamp') // what was installed, as a hash of its description

// By itself and before the others: where another package asks for torch, pip may pick gigabytes of CUDA.
const TORCH = 'torch==2.13.0'

export function hasPython() {
  return existsSync(PYTHON) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wantedStamp()
}

function wantedStamp() {
  return createHash('sha256')
    .update(readFileSync(path.join(PROJECT, 'trainer', 'pyproject.toml')))
    .digest('hex')
}

/**
 * Makes `.venv` with the trainer and its development extras; says what is missing where it cannot.
 * @param {{ sudo: boolean }} allowed
 */
export async function ensurePython(allowed) {
  if (hasPython()) return null
  if (!existsSync(PYTHON) && !(await makeVenv(allowed)))
    return 'apt-get install python3 python3-venv (3.11 or newer)'
  const fault = await step('Installing the trainer in .venv', installTrainer, PLAIN_LINES)
  if (fault !== null) return fault
  writeFileSync(STAMP, wantedStamp())
  return null
}

async function makeVenv(allowed) {
  if (await tryVenv()) return true
  return (await installDebianPackages(['python3', 'python3-venv'], allowed)) && (await tryVenv())
}

async function tryVenv() {
  const made = await run('python3', ['-m', 'venv', VENV]).catch(() => ({ code: 1 }))
  if (made.code !== 0) rmSync(VENV, { recursive: true, force: true })
  return made.code === 0
}

async function installTrainer() {
  for (const wanted of [[TORCH], ['-e', 'trainer[dev]']]) {
    const command = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...wanted]
    const installed = await run(PYTHON, command)
    if (installed.code !== 0) {
      console.error(installed.stderr)
      return `.venv/bin/python ${command.join(' ')}`
    }
  }
  return null
}
