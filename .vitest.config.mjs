import { configDefaults, defineConfig } from 'vitest/config';

/** Files that put something in the place of Node's modules, which nobody else is to see. */
const APART = ['test/runtime/shell/generated.test.ts'];

/**
 * Limits are for machines that are busy otherwise; speed is looked at in the bench alone. Files share the modules of their worker:
 * modules keep no state (test/architecture.test.ts), and loading all of podsim anew takes longer than most files do.
 */
export default defineConfig({
  test: {
    globalSetup: 'test/harness/temporary.ts',
    testTimeout: 200_000,
    hookTimeout: 200_000,
    maxConcurrency: 2,
    // Unasked, one core is left free: on two that is half of them.
    maxWorkers: '100%',
    projects: [
      { extends: true, test: { name: 'shared', isolate: false, exclude: [...configDefaults.exclude, ...APART] } },
      { extends: true, test: { name: 'apart', include: APART } },
    ],
  },
});
