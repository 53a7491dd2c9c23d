import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // One core is not kept free: much of the time a file waits for a server.
    maxWorkers: availableParallelism(),
    // Real servers are started by some tests; one that waits for an event needs room on a slow machine.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
