import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Real servers are started by some tests; one that waits for an event needs room on a slow machine.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
