import { defineConfig } from 'vitest/config';

/** Limits are for machines that are busy otherwise; speed is looked at in the bench alone. */
export default defineConfig({
  test: { globalSetup: 'test/harness/temporary.ts', testTimeout: 200_000, maxConcurrency: 2 },
});
