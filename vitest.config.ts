import { defineConfig } from 'vitest/config'

/** Simulations, fuzzing and kills: at every change a part in other suites, each night all of it. */
const NIGHTLY = [
  'lib/statistics/bootstrap-by-patient.unit.test.ts',
  'lib/model/comparison/compare-versions.unit.test.ts',
  'lib/model/evaluation-engine/kill.process.test.ts',
  'tests/fuzz/*.test.ts',
]

// Suites by what they need beside Node. scripts/test.js provides the needs and calls them.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          maxConcurrency: 10, // of tests that wait for a limit
          include: ['{app,lib,db,evaluator,scripts,demo,tests}/**/*.unit.test.ts'],
          testTimeout: 60_000, // the longest take seconds, and many times that on a busy machine
        },
      },
      {
        test: {
          name: 'database',
          include: ['{lib,db}/**/*.db.test.ts'],
          exclude: process.env.TEST_DATABASE === 'postgres' ? [] : ['**/*.postgres.db.test.ts'],
          globalSetup: ['tests/support/database-server.ts'],
          setupFiles: ['tests/support/watch-transactions.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'evaluator',
          include: ['evaluator/**/*.process.test.ts', 'lib/**/*.process.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'api',
          include: ['tests/api/**/*.test.ts'],
          globalSetup: ['tests/support/api-site.ts'],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'system',
          include: ['tests/{cli,parity,faults,s3,fuzz}/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'nightly',
          include: NIGHTLY,
          env: { TEST_LENGTH: 'nightly' },
          fileParallelism: false,
          testTimeout: 1_800_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          globalSetup: ['tests/support/browser-site.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
