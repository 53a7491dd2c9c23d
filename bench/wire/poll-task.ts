/** What a poller process is to do: poll devices as fast as it can for a while. */
export interface PollTask {
  readonly port: number;
  readonly devices: number;
  /** Devices polled at once, each with one request under way. */
  readonly inFlight: number;
  /** Columns side by side in one GETBULK. */
  readonly columnsAtOnce: number;
  readonly maxRepetitions: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

/** What it did in that while. Every poller prints one of these, in C or TypeScript. */
export interface PollTally {
  readonly polls: number;
  readonly pdus: number;
  readonly varbinds: number;
  readonly cpuSeconds: number;
  readonly seconds: number;
  readonly memoryMb: number;
  /** Requests without an answer in time, and answers of no use. */
  readonly timeouts: number;
}
